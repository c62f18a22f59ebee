import type { ColumnValues, MaskColumn, MaskedValues } from "../../contracts.ts";
import { createColumnPrf } from "../../keys/column-prf.ts";
import { integer, text } from "../../option-spec.ts";
import { tableName } from "../../table-ref.ts";
import { canStandIn } from "../cell-form.ts";
import { ALL_KINDS, defineTransform } from "../define-transform.ts";
import { createChooser, unitOf } from "./choose.ts";

/** In fewer rows than this a distribution is that of known people. */
const FEWEST_ROWS = 20;

/**
 * Gives every row a value drawn from the column's own distribution: `DE, DE, FR, DE, LI` becomes `DE, FR, DE, DE, DE`, where `LI` was too rare to be drawn.
 *
 * The distribution is that of a window of rows, so the shares stay about what they were in each part of the table; which row has which value tells nothing
 * any more, not even by chance as in a shuffle, and values of other columns no longer go with it. A value that fewer than `fewest` rows of its window have
 * is never drawn: its share goes to the others, or with `rare` to one value that stands for all of them. NULL counts as a value. A window in which
 * nothing is common enough cannot be handled. What is common in the window shows as such: that it occurs is no secret. Depends on the order in which rows
 * are read: it keeps no join. Hint: with a distribution of your own use `pick` with `weights`.
 */
export const resample = defineTransform({
  name: "resample",
  technique: "perturbation",
  accepts: ALL_KINDS,
  unsupported: "fewer than 20 rows, and a window in which no value is in `fewest` rows",
  guarantees: {
    deterministic: false,
    uniqueness: { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: "not-promised",
  },
  isKeyed: true,
  seesNull: true,
  options: {
    fewest: integer({ describe: "Rows of a window that must have a value for it to be drawn.", default: 5, min: 2 }),
    rare: text({
      describe: "What stands for all rarer values together. Where this is not given they go to the others.",
      optional: true,
    }),
    window: integer({
      describe: "Rows whose distribution is drawn from; the last window has up to twice as many.",
      default: 4096,
      min: FEWEST_ROWS,
      max: 100_000,
    }),
  },
  windowRows: ({ window }) => window,
  fewestRows: FEWEST_ROWS,
  maxOutputLength: ({ rare }, { maxLength }) =>
    rare === undefined || maxLength === null ? null : Math.max([...rare].length, maxLength),
  checkColumn: ({ rare, fewest, window }, column) => [
    ...(rare !== undefined && !canStandIn(rare, column)
      ? [`what stands for rare values cannot stand in a column of type ${column.type}`]
      : []),
    ...(fewest > window ? [`resample asks for ${fewest} rows of a value in a window of ${window}`] : []),
  ],
  prepare: ({ fewest, rare }, { table, column, deriveKey }): MaskColumn => {
    const place = JSON.stringify([tableName(table), column.name]);
    const prf = createColumnPrf(deriveKey(`resample:${place}`));
    return (values, batch): MaskedValues => {
      const { choices, counts } = commonOf(values, fewest, rare);
      if (values.length < FEWEST_ROWS || choices.length === 0) return new Array<undefined>(values.length).fill(undefined);
      const choose = createChooser(counts, choices.length);
      const words = prf.words(values.map((_, row) => String(batch.firstRow + row)));
      return values.map((_, row) => choices[choose(unitOf(words[row * 4]!, words[row * 4 + 1]!))]!);
    };
  },
});

interface Distribution {
  readonly choices: readonly (string | null)[];
  readonly counts: readonly number[];
}

/** The values that enough rows have, with how many; and what stands for the others, where they are enough together. */
function commonOf(values: ColumnValues, fewest: number, rare: string | undefined): Distribution {
  const counted = new Map<string | null, number>();
  for (const value of values) counted.set(value, (counted.get(value) ?? 0) + 1);
  const common = new Map([...counted].filter(([, count]) => count >= fewest));
  const left = values.length - [...common.values()].reduce((sum, count) => sum + count, 0);
  if (rare !== undefined && left >= fewest) common.set(rare, (common.get(rare) ?? 0) + left);
  return { choices: [...common.keys()], counts: [...common.values()] };
}
