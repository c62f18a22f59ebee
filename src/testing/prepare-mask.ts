import { type ColumnSurroundings, createColumnContext } from "../column-context.ts";
import type { Column, ColumnKind, ColumnValues, MaskedValues, Rule } from "../contracts.ts";
import { StandinError } from "../errors.ts";
import { MaskingKey, parseMaskingKey } from "../keys/masking-key.ts";
import { EXAM_TABLE } from "./mask-sitting.ts";
import { TextBatch } from "./text-batch.ts";
import { typicalColumn } from "./typical-columns.ts";

/** What `prepareMask` makes a mask ready for. */
export interface MaskSettings {
  /** The masking key. */
  readonly key: string | Uint8Array;
  /** The column to mask: its kind, or what a source would say of it. @default "text" */
  readonly column?: ColumnKind | (Partial<Column> & Pick<Column, "kind">) | undefined;
  /** Other columns of the rows, as long as the columns that are masked: for a rule that reads them. @default none */
  readonly others?: { readonly [column: string]: ColumnValues } | undefined;
}

/**
 * Prepares a rule for one column outside any run, to look at what it gives or to time it: the result masks whole columns. A rule that reads other columns
 * of its row needs them in `others`.
 *
 * @example
 * const mask = await prepareMask(fake("person.fullName"), { key });
 * expect(await mask(["Jane", null])).toEqual([expect.any(String), null]);
 */
export async function prepareMask(
  rule: Rule,
  { key, column = "text", others = {} }: MaskSettings,
): Promise<(values: ColumnValues) => Promise<MaskedValues>> {
  const masking = new MaskingKey(parseMaskingKey(key));
  const described = typeof column === "string" ? typicalColumn(column) : typicalColumn(column.kind, column);
  const domain = rule.domain ?? rule.transform.defaultDomain(rule.options);
  const surroundings: ColumnSurroundings = {
    table: EXAM_TABLE,
    rowEstimate: null,
    deriveKey: (_, purpose, domain) => masking.derive(purpose, domain),
    other: (name) => {
      const index = Object.keys(others).indexOf(name);
      if (index >= 0) return { index: index + 1, column: typicalColumn("text", { name }) };
      throw new StandinError("COLUMN_UNKNOWN", `A column that stands alone has no neighbour ${name}.`, { column: name });
    },
  };
  const mask = await rule.transform.prepare(rule.options, createColumnContext(surroundings, rule, described, domain));
  return async (values) => mask(values, new TextBatch(EXAM_TABLE, [values, ...Object.values(others)]));
}
