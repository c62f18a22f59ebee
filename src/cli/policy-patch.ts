import { languageOf, TYPESCRIPT } from "../discover/propose/policy-language.ts";
import type { Finding } from "../errors.ts";

/**
 * What to paste into the policy for the columns that have no rule, by table, in the policy's own language. Empty where every column has one.
 */
export function coveragePatch(findings: readonly Finding[], policyFile: string | undefined): readonly string[] {
  const tables = new Map<string, string[]>();
  for (const { code, table, column } of findings) {
    if (code !== "COLUMN_UNCOVERED" || table === undefined || column === undefined) continue;
    tables.set(table, [...(tables.get(table) ?? []), column]);
  }
  const { property, open, close, separator, rule } = languageOf(policyFile ?? "") ?? TYPESCRIPT;
  const keep = rule({ transform: "keep", options: {} });
  return [...tables].flatMap(([table, columns]) => [
    `${property(table)}:${open}`,
    ...columns.map((column) => `  ${property(column)}: ${keep}${separator}`),
    ...(close === null ? [] : [close]),
  ]);
}
