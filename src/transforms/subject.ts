import type { ColumnContext, ColumnValues, RowBatch } from "../contracts.ts";
import { canonicalOf } from "../keys/canonical.ts";
import { json, type OptionSpec } from "../option-spec.ts";

/** The column that names the subject of a row, or the columns that do together. */
export type Subject = string | readonly string[] | undefined;

export function subjectOption(describe: string): OptionSpec<Subject, true> {
  return json<Subject>({
    describe,
    optional: true,
    problem: (value) => (isSubject(value) ? null : "must be a column, or a list of columns"),
  });
}

function isSubject(value: unknown): value is string | readonly string[] {
  const names = Array.isArray(value) ? value : [value];
  return (
    names.length > 0 && names.every((name) => typeof name === "string" && name !== "") && new Set(names).size === names.length
  );
}

export function columnsOf(subject: Subject): readonly string[] {
  return subject === undefined ? [] : typeof subject === "string" ? [subject] : subject;
}

/** The subjects of some rows in canonical form, null where nobody knows whose row it is. Without columns for it each value is its own subject. */
export type ReadSubjects = (values: ColumnValues, batch: RowBatch) => ColumnValues;

export function subjectReader(subject: Subject, { column, other }: ColumnContext): ReadSubjects {
  const parts = columnsOf(subject).map((name) => {
    const { index, column: part } = other(name);
    return { index, canonical: canonicalOf(part) };
  });
  const [only] = parts;
  if (only === undefined) {
    const canonical = canonicalOf(column);
    return canonical === null ? (values) => values : (values) => inForm(values, canonical);
  }
  if (parts.length === 1) {
    const { index, canonical } = only;
    return canonical === null ? (_, batch) => batch.column(index) : (_, batch) => inForm(batch.column(index), canonical);
  }
  return (values, batch) => {
    const columns = parts.map(({ index, canonical }) =>
      canonical === null ? batch.column(index) : inForm(batch.column(index), canonical),
    );
    return values.map((_, row) => {
      const keys = columns.map((column) => column[row] ?? null);
      // Written as JSON no two keys are one: ["a,b","c"] and ["a","b,c"].
      return keys.includes(null) ? null : JSON.stringify(keys);
    });
  };
}

export function inForm(values: ColumnValues, canonical: (value: string) => string): ColumnValues {
  return values.map((value) => (value === null ? null : canonical(value)));
}
