import xxhash from "xxhash-wasm";
import { isRule, ruleData } from "../inner-rules.ts";
import { LocalFile } from "../local-file.ts";
import { subsetData } from "../subset/subset-data.ts";
import { tableName } from "../table-ref.ts";
import { fakerVersion } from "../transforms/fake/faker-version.ts";
import { type ChecksumsOf, readFileChecksums } from "./locks/file-checksums.ts";
import type { ColumnPlan, Plan } from "./plan.ts";

/** Moves with every change of what a transform gives for a value, so also with one of faker's names: the golden files tell. */
export const MAPPING = "standin/v1";

/** What maps a value besides key and rule: under another of it, the same plan may map otherwise. */
export const mappingVersion = (): string => `${MAPPING}+faker-${fakerVersion()}`;

/**
 * Names what a plan does to each column, `xxh64:` and 16 hexadecimal digits: runs of equal plan and key fingerprints map equal values to equal values.
 *
 * A checksum (XXH64), and no protection. Neither row counts, order of tables nor places enter it. A function of the caller's counts by its text, so what
 * it reads from elsewhere does not.
 */
export async function fingerprintPlan(plan: Plan): Promise<string> {
  const { h64ToString } = await xxhash();
  const filesOf = await readFileChecksums(plan);
  const lines = plan.tables.flatMap(({ table, columns }) =>
    columns.map((column) => JSON.stringify([tableName(table.ref), ...describe(column, filesOf)], plainly)),
  );
  // A plan without a subset has the fingerprint that it always had.
  const rows = plan.subset === undefined ? [] : [JSON.stringify(["subset", ...subsetData(plan.subset.graph)])];
  return `xxh64:${h64ToString([MAPPING, ...lines.sort(), ...rows].join("\n"))}`;
}

function describe(plan: ColumnPlan, filesOf: ChecksumsOf): readonly unknown[] {
  const { column, decision, rule, domain, branches, coversRest } = plan;
  const { name, kind, maxLength, isPadded, range } = column;
  if (branches !== undefined) {
    const { branches: _, ...rest } = plan;
    return [
      name,
      kind,
      ...branches.map((branch) => [branch.when, describe(branch.plan, filesOf)]),
      coversRest ? describe(rest, filesOf) : null,
    ];
  }
  if (rule === null || decision === "keep") return [name, kind, decision];
  // What a column holds takes part: a token of a smallint is another than that of the same number in an int.
  const shape = [maxLength, isPadded, range && [range.min, range.max]];
  const files = filesOf(rule);
  const mapping = [decision, rule.transform.name, rule.options, domain, rule.onUnsupported];
  return [name, kind, shape, ...mapping, ...(files === undefined ? [] : [files])];
}

/** Options by name, so that the order in which they were written says nothing. */
function plainly(_: string, value: unknown): unknown {
  if (typeof value === "function" || value instanceof RegExp) return String(value);
  if (typeof value === "bigint") return `${value}n`;
  if (isRule(value)) return plainly(_, ruleData(value));
  if (value instanceof LocalFile) return value.path;
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)));
}
