import { StandinError } from "../../errors.ts";
import { text } from "../../option-spec.ts";
import { tableName } from "../../table-ref.ts";
import { ALL_KINDS, defineTransform } from "../define-transform.ts";

/**
 * Says that a person must decide about the column: `standin plan` shows it, and `standin run` refuses until `keep` or a mask stands in its place.
 *
 * `review("free text, may name people")`: what `standin init` writes where it is not sure. Gives no value at all, neither masked nor original.
 */
export const review = defineTransform({
  name: "review",
  technique: "suppression",
  accepts: ALL_KINDS,
  guarantees: {
    deterministic: true,
    uniqueness: { kind: "preserved" },
    reversible: false,
    preservesLength: false,
    changesInput: "not-promised",
  },
  options: { reason: text({ describe: "What there is to decide, for whoever reads the plan.", optional: true }) },
  shorthand: "reason",
  openQuestion: ({ reason }) => reason ?? "nobody has decided yet",
  // The plan refuses before; whoever goes past it must not get the originals.
  prepare: (_, { table, column }) => {
    const name = tableName(table);
    throw new StandinError("REVIEW_NEEDED", `${name}.${column.name} waits for a decision.`, { table: name, column: column.name });
  },
});
