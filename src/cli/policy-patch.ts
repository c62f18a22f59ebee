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
  const isData = policyFile !== undefined && /\.(ya?ml|json)$/.test(policyFile);
  return [...tables].flatMap(([table, columns]) => (isData ? asYaml(table, columns) : asCode(table, columns)));
}

function asCode(table: string, columns: readonly string[]): readonly string[] {
  return [`${propertyName(table)}: {`, ...columns.map((column) => `  ${propertyName(column)}: keep(),`), "},"];
}

function asYaml(table: string, columns: readonly string[]): readonly string[] {
  return [`${propertyName(table)}:`, ...columns.map((column) => `  ${propertyName(column)}: keep`)];
}

function propertyName(name: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name);
}
