import type { ChangingTable, Column, SystemName, Table } from "../../contracts.ts";
import type { Finding } from "../../errors.ts";
import type { Policy } from "../../policy/define-policy.ts";
import { type IncrementalTable, MAX_DELETED_PERCENT, secondsOf, XMIN } from "../../policy/incremental-policy.ts";
import { draftOf } from "../../policy/parse/policy-draft.ts";
import { isSameTable, tableName } from "../../table-ref.ts";
import { nearestNames } from "../../transforms/nearest-name.ts";
import { type ColumnPlan, type TablePlan, variantsOf } from "../plan.ts";
import { isNamed } from "../table-patterns.ts";

/** How the changed rows of a copied table are told. */
export interface PlannedChanges {
  /** Null for PostgreSQL's xmin. */
  readonly column: Column | null;
  readonly overlap: number;
  /** The columns whose values tell a row, in source and target. */
  readonly key: readonly string[];
  /** Null where rows that the source deleted stay. */
  readonly deletes: ChangingTable["deletes"];
}

const FITTING = ["integer", "timestamp", "date"];

/** How far is read back where the policy says nothing: seconds of times, numbers of numbers. */
const OVERLAPS: Readonly<Record<string, number>> = { timestamp: 300, date: 86_400, integer: 1000 };

/** What the policy's `incremental` says of one table, undefined where that is nothing. */
export function incrementalOf({ incremental = {} }: Policy, table: Table): IncrementalTable | undefined {
  const found = Object.entries(incremental).find(([name]) => isNamed(table.ref, name))?.[1];
  return typeof found === "string" ? { changedBy: found } : found;
}

/** How changes of a table are told, null for one that is copied whole. Of a plan without findings. */
export function plannedChanges(policy: Policy, { table }: TablePlan): PlannedChanges | null {
  const said = incrementalOf(policy, table);
  if (said === undefined) return null;
  const key = primaryKey(table) ?? [];
  const deletes = said.deletes === undefined ? null : { maxPercent: said.maxDeletedPercent ?? MAX_DELETED_PERCENT };
  if (said.changedBy === XMIN) return { column: null, overlap: 0, key, deletes };
  const column = table.columns.find(({ name }) => name === said.changedBy)!;
  const { overlap } = said;
  const chosen = typeof overlap === "string" ? secondsOf(overlap) : overlap;
  return { column, overlap: chosen ?? OVERLAPS[column.kind]!, key, deletes };
}

/** What keeps the policy's tables from being refreshed by their changes alone. Also a whole run says it: it leaves the mark that they begin at. */
export function checkIncremental(
  policy: Policy,
  plans: readonly TablePlan[],
  systems: { readonly source: SystemName; readonly target: SystemName },
): readonly Finding[] {
  const { incremental } = policy;
  if (incremental === undefined) return [];
  const draft = draftOf(policy);
  const findings: Finding[] = [];
  const refuse = (name: string, message: string, hint: string, column?: string) =>
    findings.push({
      ...{ code: "INCREMENT_REFUSED", severity: "error", message, hint, table: name, column },
      ...draft?.incremental.get(name)?.place,
    });
  for (const system of Object.values(systems))
    if (system !== "postgres" && system !== "mysql") {
      const message = `Changes cannot be told or taken by ${system === "csv" ? "CSV files" : system}: incremental is for PostgreSQL, MySQL and MariaDB.`;
      return [{ code: "INCREMENT_REFUSED", severity: "error", message, hint: "Take `incremental` out; files are copied whole." }];
    }
  if (policy.subset !== undefined)
    refuse(
      Object.keys(incremental)[0]!,
      "A policy cannot have both `subset` and `incremental`: a row that did not change may come into the subset.",
      "Take one of them out.",
    );
  for (const name of Object.keys(incremental)) {
    const plan = plans.find(({ table }) => isNamed(table.ref, name));
    if (plan === undefined) {
      const names = plans.map(({ table }) => tableName(table.ref));
      refuse(
        name,
        `incremental → ${name} is no copied table.`,
        `Did you mean ${nearestNames(name, names, 1).join()}? Otherwise take it out.`,
      );
    } else checkTable(policy, plan, systems.source, (message, hint, column) => refuse(name, message, hint, column));
  }
  return [...findings, ...strandedByDeletes(policy, plans)];
}

/** Rows that stay where the source deleted them, and point to rows that go: the server refuses them once all is in. */
function strandedByDeletes(policy: Policy, plans: readonly TablePlan[]): readonly Finding[] {
  const tables = plans.map(({ table }) => ({ table, said: incrementalOf(policy, table) }));
  const keeping = tables.filter(({ said }) => said !== undefined && said.deletes === undefined);
  return keeping.flatMap(({ table }) =>
    table.foreignKeys.flatMap(({ name, references }): Finding[] => {
      const parent = tables.find((one) => isSameTable(one.table.ref, references));
      if (parent?.said?.deletes === undefined) return [];
      const [child, to] = [tableName(table.ref), tableName(references)];
      return [
        {
          ...{ code: "REFERENCE_STRANDED", severity: "warning", table: child },
          message: `Rows that the source deleted leave ${to} and stay in ${child}, which points to it (${name}): an incremental run stops where one is left alone.`,
          hint: `Write deletes: compare for ${child} as well.`,
        },
      ];
    }),
  );
}

type Refuse = (message: string, hint: string, column?: string) => void;

function checkTable(policy: Policy, { table, columns }: TablePlan, source: SystemName, refuse: Refuse): void {
  const name = tableName(table.ref);
  const { changedBy, overlap } = incrementalOf(policy, table)!;
  checkTeller(table, changedBy, overlap, source, refuse);
  const key = primaryKey(table);
  if (key === null) {
    refuse(
      `${name} has no primary key, so a changed row cannot take the place of its former self.`,
      "Take it out of `incremental`: it is then copied whole.",
    );
    return;
  }
  if (incrementalOf(policy, table)!.deletes !== undefined) checkKeyToCompare(table, key, refuse);
  for (const plan of columns) {
    const variants = variantsOf(plan).filter(({ decision, rule }) => decision === "mask" && rule !== null);
    const column = plan.column.name;
    if (variants.some(({ rule }) => rule!.transform.windowRows(rule!.options) > 1))
      refuse(
        `${wordOf(plan)} needs many rows of ${name}.${column} at once, and an incremental run reads the changed ones alone.`,
        `Choose a mask that takes each value by itself, or take ${name} out of \`incremental\`.`,
        column,
      );
    if (key.includes(column) && variants.some(({ guarantees }) => guarantees?.deterministic === false))
      refuse(
        `${wordOf(plan)} gives ${name}.${column} another value in each run, and rows are found again by it.`,
        "Use a deterministic mask on the key: tokenize, encryptDigits, scramble.",
        column,
      );
  }
}

/** Keys are sent as rows are, and what the server computes is not. */
function checkKeyToCompare(table: Table, key: readonly string[], refuse: Refuse): void {
  const computed = table.columns.find(({ name, isGenerated }) => isGenerated && key.includes(name));
  if (computed === undefined) return;
  const name = tableName(table.ref);
  refuse(
    `${name}.${computed.name} is computed by the server and part of the key, so keys cannot be compared.`,
    "Take `deletes` out.",
    computed.name,
  );
}

function checkTeller(
  table: Table,
  changedBy: string,
  overlap: string | number | undefined,
  source: SystemName,
  refuse: Refuse,
): void {
  const name = tableName(table.ref);
  if (changedBy === XMIN) {
    if (source !== "postgres")
      refuse(`Rows of ${source} have no xmin.`, `Name a column that grows with every change of ${name}.`);
    else if (overlap !== undefined) refuse("xmin needs no overlap: nothing is missed by it.", "Take it out.");
    return;
  }
  const column = table.columns.find((one) => one.name === changedBy);
  if (column === undefined) {
    const near = nearestNames(
      changedBy,
      table.columns.map((one) => one.name),
      1,
    );
    refuse(`${name} has no column ${changedBy}.`, `Did you mean ${near.join()}?`, changedBy);
  } else if (!FITTING.includes(column.kind))
    refuse(
      `${name}.${changedBy} is ${column.type}: a column that tells changes holds times, dates or whole numbers.`,
      source === "postgres" ? "Name another, or xmin." : "Name another.",
      changedBy,
    );
  else if (overlap !== undefined && (typeof overlap === "string") !== (column.kind !== "integer"))
    refuse(
      `The overlap of ${name}.${changedBy} is ${column.kind === "integer" ? "a number, as the column holds numbers" : "a time (5m), as the column holds times"}.`,
      "Write it in the column's own unit.",
      changedBy,
    );
}

function primaryKey({ uniqueKeys }: Table): readonly string[] | null {
  const key = uniqueKeys.find(
    ({ isPrimary, columns, expressions }) => isPrimary && columns.length > 0 && expressions === undefined,
  );
  return key?.columns ?? null;
}

const wordOf = ({ rule }: ColumnPlan): string => rule!.transform.name;
