import { createPermutation } from "../../keys/permutation.ts";
import { integer, text } from "../../option-spec.ts";
import { tableName } from "../../table-ref.ts";
import { ALL_KINDS, defineTransform } from "../define-transform.ts";

/** In fewer rows than this whoever knows some of them finds the rest. */
const FEWEST_ROWS = 20;

/**
 * Moves the values of a column among the rows of a window: every value stays in the table, and stands in another row. Columns of one `group` move
 * together: a city keeps its postcode.
 *
 * Depends on the order in which rows are read, not on the value: it keeps no join. Hides whose value it was, not that it occurs: a rare name in the column is
 * still a name of somebody here. Hint: to hide the values themselves, use `fake`.
 */
export const shuffle = defineTransform({
  name: "shuffle",
  technique: "perturbation",
  accepts: ALL_KINDS,
  unsupported: "fewer than 20 rows",
  guarantees: {
    deterministic: false,
    uniqueness: { kind: "preserved" },
    reversible: false,
    preservesLength: false,
    // Each row gets another row's value, which may be equal.
    changesInput: "not-promised",
  },
  isKeyed: true,
  seesNull: true,
  options: {
    window: integer({
      describe: "Rows among which values move; the last window has up to twice as many.",
      default: 4096,
      min: FEWEST_ROWS,
      max: 100_000,
    }),
    group: text({ describe: "Columns of one table and group move together.", optional: true, minLength: 1 }),
  },
  windowRows: ({ window }) => window,
  fewestRows: FEWEST_ROWS,
  defaultDomain: ({ group }) => (group === undefined ? "shuffle" : `shuffle:${group}`),
  prepare: ({ group }, context) => {
    const place = [tableName(context.table), group === undefined ? `column ${context.column.name}` : `group ${group}`];
    return (values, batch) => {
      const { length } = values;
      if (length < FEWEST_ROWS) return new Array<undefined>(length).fill(undefined);
      const key = context.deriveKey(JSON.stringify(["shuffle", ...place, batch.firstRow]));
      // Below 10^6 a permutation is one cycle: no row keeps its own value.
      const from = createPermutation(key, length).forward(Float64Array.from({ length }, (_, index) => index));
      return values.map((_, index) => values[from[index]!]!);
    };
  },
});
