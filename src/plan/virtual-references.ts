import type { Column, Table } from "../contracts.ts";
import type { Finding } from "../errors.ts";
import type { Policy, Reference } from "../policy/define-policy.ts";
import { tableName } from "../table-ref.ts";
import { nearestNames } from "../transforms/nearest-name.ts";
import type { SelectedTable } from "./select-tables.ts";
import { isNamed } from "./table-patterns.ts";

/** One end of a reference. */
export interface ReferenceEnd {
  readonly selected: SelectedTable;
  readonly column: Column;
}

/** A reference of the policy with both ends found. */
export interface VirtualReference {
  readonly from: ReferenceEnd;
  readonly to: ReferenceEnd;
  /** Null where it holds for every row. */
  readonly when: Readonly<Record<string, string>> | null;
}

export interface FoundReferences {
  readonly references: readonly VirtualReference[];
  readonly findings: readonly Finding[];
}

/** Finds both ends of the policy's references among the tables that are copied. */
export function findReferences(policy: Policy, tables: readonly SelectedTable[]): FoundReferences {
  const findings: Finding[] = [];
  const report = (message: string, hint: string, place: { table?: string; column?: string } = {}) =>
    findings.push({ code: "REFERENCE_CONFLICT", severity: "error", message, hint, ...place });
  const references = (policy.references ?? []).flatMap((reference): VirtualReference[] => {
    const [from, to] = [endOf(reference.from, tables), endOf(reference.to, tables)];
    for (const [end, name] of [
      [from, reference.from],
      [to, reference.to],
    ] as const)
      if (end === null)
        report(
          `The reference from ${reference.from} to ${reference.to} names ${name}, which is not copied or not there.`,
          hintFor(name, tables),
        );
    if (from === null || to === null) return [];
    for (const problem of conditionProblems(reference, from.selected.table))
      report(problem, "Write the reference with columns of its own table, each with a text.", {
        table: tableName(from.selected.table.ref),
        column: from.column.name,
      });
    return [{ from, to, when: reference.when ?? null }];
  });
  return { references, findings: [...findings, ...mixedConditions(references)] };
}

function endOf(name: string, tables: readonly SelectedTable[]): ReferenceEnd | null {
  const at = name.lastIndexOf(".");
  const [selected] = tables.filter(({ table }) => isNamed(table.ref, name.slice(0, at)));
  const column = selected?.table.columns.find((one) => one.name === name.slice(at + 1) && !one.isGenerated);
  return selected === undefined || column === undefined ? null : { selected, column };
}

function hintFor(name: string, tables: readonly SelectedTable[]): string {
  const names = tables.flatMap(({ table }) => table.columns.map((column) => `${tableName(table.ref)}.${column.name}`));
  const near = nearestNames(name, names, 1);
  return near.length > 0 ? `Did you mean ${near.join()}?` : "Give the columns of its table a rule.";
}

function conditionProblems({ from, when = {} }: Reference, table: Table): readonly string[] {
  return Object.keys(when)
    .filter((name) => !table.columns.some((column) => column.name === name && !column.isGenerated))
    .map((name) => `The reference from ${from} asks for ${name}, which ${tableName(table.ref)} does not have.`);
}

/** A column that points to one table in every row cannot point to another in some. */
function mixedConditions(references: readonly VirtualReference[]): readonly Finding[] {
  const conditional = references.filter(({ when }) => when !== null);
  const columns = new Set(conditional.map(({ from }) => from.column));
  return [...columns].flatMap((column): Finding[] => {
    const { selected } = conditional.find(({ from }) => from.column === column)!.from;
    const isAlways = references.some(({ from, when }) => from.column === column && when === null);
    const isDeclared = selected.table.foreignKeys.some(({ columns }) => columns.includes(column.name));
    if (!isAlways && !isDeclared) return [];
    const name = tableName(selected.table.ref);
    return [
      {
        code: "REFERENCE_CONFLICT",
        severity: "error",
        message: `${name}.${column.name} has a reference under a condition and ${isDeclared ? "a foreign key" : "another"} without one.`,
        table: name,
        column: column.name,
        hint: "Give each of its references a condition, or none.",
      },
    ];
  });
}
