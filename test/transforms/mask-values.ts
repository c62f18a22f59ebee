import { bareColumn } from "../../src/bare-column.ts";
import type { Column, ColumnKind, ColumnValues, Rule } from "../../src/contracts.ts";
import { MaskingKey, parseMaskingKey } from "../../src/keys/masking-key.ts";
import { maskBatch } from "../../src/pipeline/masking/mask-batch.ts";
import { prepareTable } from "../../src/pipeline/masking/prepare-table.ts";
import { revealColumn } from "../../src/pipeline/reveal-column.ts";
import { TextBatch } from "../../src/testing/text-batch.ts";
import { TEST_KEY } from "../test-key.ts";

export interface MaskSettings {
  readonly column?: ColumnKind | Partial<Column> | undefined;
  /** Other columns of the rows. */
  readonly others?: { readonly [column: string]: ColumnValues };
  readonly key?: string;
  readonly table?: string;
  readonly firstRow?: number;
}

export const columnOf = (given: ColumnKind | Partial<Column> = "text", name = "masked"): Column => {
  const partial: Partial<Column> = typeof given === "string" ? { kind: given } : given;
  return bareColumn(name, partial.kind ?? "text", partial);
};

export const INT8 = { kind: "integer", type: "bigint", range: { min: -(2n ** 63n), max: 2n ** 63n - 1n } } as const;
export const INT4 = { kind: "integer", type: "integer", range: { min: -(2n ** 31n), max: 2n ** 31n - 1n } } as const;

/** Masks one column of one batch under the test key, as a run would. */
export async function maskValues(rule: Rule, values: ColumnValues, settings: MaskSettings = {}): Promise<ColumnValues> {
  const { column, others = {}, key = TEST_KEY, table = "people", firstRow = 0 } = settings;
  const ref = { schema: null, name: table };
  const plain = { rule: null, domain: "", guarantees: null, inheritedFrom: null };
  const columns = [
    {
      ...plain,
      column: columnOf(column),
      decision: "mask" as const,
      rule,
      domain: rule.domain ?? rule.transform.defaultDomain(rule.options),
    },
    ...Object.keys(others).map((name) => ({ ...plain, column: columnOf("text", name), decision: "keep" as const })),
  ];
  const described = {
    ref,
    columns: columns.map((plan) => plan.column),
    uniqueKeys: [],
    foreignKeys: [],
    rowEstimate: values.length,
  };
  const prepared = await prepareTable({ table: described, columns }, new MaskingKey(parseMaskingKey(key)));
  const batch = new TextBatch(ref, [values, ...Object.values(others)], firstRow);
  await maskBatch(prepared, batch);
  return batch.replacement(0)!;
}

/** What masked values of one column stood for. */
export async function revealValues(rule: Rule, values: ColumnValues, settings: MaskSettings = {}): Promise<ColumnValues> {
  const column = columnOf(settings.column);
  const ref = { schema: null, name: settings.table ?? "people" };
  const domain = rule.domain ?? rule.transform.defaultDomain(rule.options);
  const guarantees = rule.transform.guarantees(rule.options, column);
  const table = { ref, columns: [column], uniqueKeys: [], foreignKeys: [], rowEstimate: null };
  const columns = [{ column, decision: "mask" as const, rule, domain, guarantees, inheritedFrom: null }];
  const key = new MaskingKey(parseMaskingKey(settings.key ?? TEST_KEY));
  return revealColumn({ table, columns }, column.name, key, values);
}

export async function maskOne(rule: Rule, value: string, settings: MaskSettings = {}): Promise<string | null> {
  return (await maskValues(rule, [value], settings))[0]!;
}

/** The same values in batches of a size, each under a mask prepared anew, as other processes would have it. */
export async function maskInBatches(
  rule: Rule,
  values: ColumnValues,
  size: number,
  settings: MaskSettings = {},
): Promise<ColumnValues> {
  const masked: (string | null)[] = [];
  for (let from = 0; from < values.length; from += size) {
    masked.push(...(await maskValues(rule, values.slice(from, from + size), { ...settings, firstRow: from })));
  }
  return masked;
}
