import type { Table, UniqueKey } from "../../contracts.ts";
import type { Finding } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import type { ColumnPlan } from "../plan.ts";
import { type KeyPart, keyPartsOf } from "./key-parts.ts";
import { howUnique } from "./stays-unique.ts";

/**
 * A unique key stays unique when every column of it maps different values to different ones: by construction, or all but certainly. A key that holds
 * another whole key needs no more than that one.
 */
export function checkUniqueness(table: Table, columns: readonly ColumnPlan[]): readonly Finding[] {
  const findings = table.uniqueKeys.flatMap((key) => [
    ...(isCoveredByAnother(table, key, columns) ? [] : checkParts(table, key, columns)),
    ...checkPredicate(table, key, columns),
  ]);
  // A source's key and the target's of the same columns say the same.
  const told = new Set<string>();
  return findings.filter(({ message }) => !told.has(message) && told.add(message));
}

function checkParts(table: Table, key: UniqueKey, columns: readonly ColumnPlan[]): readonly Finding[] {
  const name = tableName(table.ref);
  const parts = keyPartsOf(table, key);
  if (!key.nullsNotDistinct && parts.some((part) => becomesNull(columns, part))) return [];
  const isWhole = parts.length === 1 && key.predicate === undefined;
  return parts.flatMap((part) =>
    columns.flatMap((plan): Finding[] => {
      if (plan.column.name !== part.column || plan.decision !== "mask" || plan.rule === null) return [];
      const { why, severity } = howUnique(table, plan, part, isWhole);
      if (why === null) return [];
      const message = `${why}, and ${nameOf(key)} must stay unique.`;
      return [{ code: "UNIQUENESS_LOST", severity, message, table: name, column: part.column, hint: hintFor(part) }];
    }),
  );
}

/** A row with NULL in a key meets no other one there. */
function becomesNull(columns: readonly ColumnPlan[], { column, expression }: KeyPart): boolean {
  const plans = columns.filter((plan) => plan.column.name === column);
  return (
    expression === null &&
    plans.length > 0 &&
    plans.every(({ guarantees }) => guarantees?.uniqueness.kind === "lossy" && guarantees.uniqueness.onlyNull === true)
  );
}

function hintFor({ isCaseless }: KeyPart): string {
  if (isCaseless) return "Use tokenize, encryptDigits, or fake(…, { unique: true }), whose outputs differ in more than case.";
  return "Use tokenize, encryptDigits, encryptText, scramble, or fake(…, { unique: true }).";
}

/** Whether the key's columns hold all of a key that is kept as it is: then they cannot meet, whatever becomes of the rest. */
function isCoveredByAnother(table: Table, key: UniqueKey, columns: readonly ColumnPlan[]): boolean {
  if (key.overlaps !== undefined) return false;
  return table.uniqueKeys.some(
    (other) =>
      other !== key &&
      !other.isPartial &&
      other.columns.length > 0 &&
      other.columns.length < key.columns.length &&
      other.columns.every((name) => key.columns.includes(name) && !key.ignoresCase?.includes(name) && !key.prefixes?.[name]) &&
      other.columns.every((name) => table.columns.some((column) => column.name === name && !column.nullable)) &&
      checkParts(table, other, columns).length === 0,
  );
}

/** A mask of what a partial key's WHERE reads lets rows into the key that were not in it, and those may be equal. */
function checkPredicate(table: Table, key: UniqueKey, columns: readonly ColumnPlan[]): readonly Finding[] {
  const { predicate } = key;
  if (predicate === undefined) return [];
  const name = tableName(table.ref);
  return predicate.columns.flatMap((column): Finding[] => {
    const plan = columns.find((one) => one.column.name === column);
    if (plan?.decision !== "mask" || plan.rule === null) return [];
    if (asksForNullOnly(predicate.text, column) && keepsNull(plan)) return [];
    return [
      {
        code: "UNIQUENESS_LOST",
        severity: "error",
        message: `${nameOf(key)} of ${name} holds for rows by their ${column}, and ${plan.rule.transform.name} changes it: rows that it left out would come in.`,
        table: name,
        column,
        hint: "Keep the column, or take the key out of the target.",
      },
    ];
  });
}

/** NULL stays NULL under most masks, so `deleted_at IS NULL` leaves the same rows out as before. */
function asksForNullOnly(text: string, column: string): boolean {
  const mentions = columnPattern(column);
  const all = text.match(new RegExp(mentions, "g"))?.length ?? 0;
  const ofNull = text.match(new RegExp(`${mentions}\\)? IS (NOT )?NULL`, "gi"))?.length ?? 0;
  return all > 0 && all === ofNull;
}

const escapePattern = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const columnPattern = (column: string): string => `(?<![\\w$])["\`]?${escapePattern(column)}["\`]?(?![\\w$])`;

function keepsNull({ rule }: ColumnPlan): boolean {
  return rule !== null && !rule.transform.seesNull && !rule.transform.givesNull(rule.options) && rule.onUnsupported !== "nullify";
}

const nameOf = (key: UniqueKey): string => (key.isPrimary ? "the primary key" : key.name);
