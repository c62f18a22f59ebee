import type { Column, DataSchema, Rule, Table } from "../../src/contracts.ts";
import type { TablePolicy } from "../../src/policy/define-policy.ts";
import { tableName } from "../../src/table-ref.ts";
import { shiftDates } from "../../src/transforms/dates/shift-dates.ts";
import { fake } from "../../src/transforms/fake/fake.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { encryptDigits } from "../../src/transforms/tokens/encrypt-digits.ts";
import { scramble } from "../../src/transforms/tokens/scramble.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";

/** A policy that keeps every column of a database. Foreign keys are left to take the rule of what they point to. */
export function keepEverything(schema: DataSchema): Record<string, TablePolicy> {
  return policyOf(schema, () => keep());
}

/** A policy that masks what names, addresses and dates persons, told by the columns' names, and keeps the rest. */
export function maskPersons(schema: DataSchema): Record<string, TablePolicy> {
  return policyOf(schema, ruleFor);
}

function policyOf(schema: DataSchema, rule: (column: Column, table: Table) => Rule): Record<string, TablePolicy> {
  return Object.fromEntries(
    schema.tables.map((table) => {
      const references = new Set(table.foreignKeys.flatMap(({ columns }) => columns));
      const columns = table.columns.filter(({ name, isGenerated }) => !isGenerated && !references.has(name));
      const name =
        table.ref.schema === "public"
          ? tableName(table.ref)
          : `${table.ref.schema === null ? "" : `${table.ref.schema}.`}${table.ref.name}`;
      return [name, Object.fromEntries(columns.map((column) => [column.name, rule(column, table)]))];
    }),
  );
}

function ruleFor(column: Column, table: Table): Rule {
  const name = column.name.toLowerCase().replaceAll("_", "");
  const isUnique = table.uniqueKeys.some(({ columns }) => columns.includes(column.name));
  const key = table.uniqueKeys.find(({ isPrimary, columns }) => isPrimary && columns.length === 1)?.columns[0];
  if (column.kind === "date" || column.kind === "timestamp") {
    return /birth|hire|payment|rental|return|order/.test(name) && key !== undefined && !isUnique
      ? shiftDates({ by: key })
      : keep();
  }
  if (column.kind !== "text") return keep();
  if (/email/.test(name)) return fake("internet.email", { unique: isUnique });
  if (isUnique) return column.maxLength !== null && column.maxLength < 22 ? keep() : /name|code/.test(name) ? tokenize() : keep();
  if (/firstname/.test(name)) return fake("person.firstName");
  if (/lastname/.test(name)) return fake("person.lastName");
  if (/contactname|shipname|customername/.test(name)) return fake("person.fullName");
  if (/company/.test(name)) return fake("company.name");
  if (/phone|fax/.test(name)) return scramble();
  if (/^address2?$|billingaddress|shipaddress/.test(name)) return fake("location.streetAddress");
  if (/postalcode/.test(name)) return scramble();
  if (/^(billing|ship)?city$/.test(name)) return fake("location.city");
  if (/card/.test(name)) return encryptDigits();
  return keep();
}
