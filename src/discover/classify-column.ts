import type { Classification, ColumnSample } from "./classification.ts";
import { recogniseColumnName } from "./recognise-column-name.ts";
import { suggestRule } from "./suggest-rule.ts";

/** From here on a column is masked without asking. */
const SURE = 0.6;
/** From here on a person is asked. */
const THINKABLE = 0.4;

/**
 * Says what a column holds and what to do about it, by its name, its type and its values together. Reads nothing and writes nothing; the reason quotes
 * no value.
 */
export async function classifyColumn({ table, column, neighbours, values }: ColumnSample): Promise<Classification> {
  const beside = neighbours ?? table.columns.map(({ name }) => name);
  const named = recogniseColumnName(column.name, table.ref.name, beside);
  if (named === null || named.strength < THINKABLE || column.kind === "boolean") {
    const seen = values.filter((value) => value !== null).length;
    return { kind: null, confidence: 0.5, decision: "keep", reason: `nothing personal in the name, ${seen} values`, rule: null };
  }
  const { kind, strength } = named;
  const decision = strength >= SURE ? "mask" : "review";
  return { kind, confidence: strength, decision, reason: `the name says ${kind}`, rule: suggestRule(kind, table, column) };
}
