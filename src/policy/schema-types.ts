import type { Column, DataSchema, Table } from "../contracts.ts";
import { isUntyped } from "../system-traits.ts";
import { tableName } from "../table-ref.ts";
import { inertText, propertyName } from "./parse/written-name.ts";

/** What the file begins with: only such a one may be written over. */
export const TYPES_HEAD = "// Written by `standin types`";

/**
 * Writes a schema as a TypeScript type, for `definePolicy<Schema>({ … })`: a table or column that the schema does not have is then a compile error.
 * Columns that the server computes are left out, as no rule may name them.
 */
export function schemaTypes({ tables }: DataSchema): string {
  const sorted = [...tables].sort((one, other) => (tableName(one.ref) < tableName(other.ref) ? -1 : 1));
  return [
    `${TYPES_HEAD} from the source's schema. Write it anew after a migration, do not edit it.`,
    "",
    "/** The source's tables and columns: `definePolicy<Schema>({ … })` takes no other names. */",
    "export type Schema = {",
    ...sorted.flatMap(tableLines),
    "};",
    "",
  ].join("\n");
}

function tableLines(table: Table): readonly string[] {
  const columns = table.columns.filter(({ isGenerated }) => !isGenerated);
  return [
    `  readonly ${propertyName(tableName(table.ref))}: {`,
    ...columns.flatMap((column) => [
      `    /** ${commentOf(table, column)} */`,
      `    readonly ${propertyName(column.name)}: ${JSON.stringify(column.kind)};`,
    ]),
    "  };",
  ];
}

function commentOf({ uniqueKeys, foreignKeys }: Table, { name, type, kind, nullable }: Column): string {
  const parts = [isUntyped({ type }) ? kind : type];
  if (!nullable) parts.push("NOT NULL");
  if (uniqueKeys.some(({ columns, isPrimary }) => isPrimary && columns.includes(name))) parts.push("primary key");
  for (const { columns, references, referencedColumns } of foreignKeys) {
    const to = referencedColumns[columns.indexOf(name)];
    if (to !== undefined) parts.push(`takes the rule of ${tableName(references)}.${to}`);
  }
  // A type's name is the user's: MySQL writes an enum's labels into it.
  return inertText(parts.join(", ").replace(/\s+/g, " ")).replaceAll("*/", "*\\/");
}
