import type { DataSchema, Table, TableRef } from "../contracts.ts";
import type { Finding } from "../errors.ts";
import { type Policy, SKIP, type TablePolicy } from "../policy/define-policy.ts";
import { tableName } from "../table-ref.ts";
import { nearestNames } from "../transforms/nearest-name.ts";

export interface SelectedTable {
  readonly table: Table;
  readonly policy: TablePolicy;
}

export interface Selection {
  readonly selected: readonly SelectedTable[];
  readonly unselected: readonly TableRef[];
  readonly findings: readonly Finding[];
}

/** Finds the policy's tables in the schema, by `name` or `schema.name`. */
export function selectTables(policy: Policy, schema: DataSchema): Selection {
  const findings: Finding[] = [];
  const decided = new Map<Table, TablePolicy | typeof SKIP>();
  for (const [name, decision] of Object.entries(policy.tables)) {
    const matches = schema.tables.filter(({ ref }) => isNamed(ref, name));
    const [table] = matches;
    if (table === undefined) findings.push(unknownTable(name, schema));
    else if (matches.length > 1) findings.push(ambiguousTable(name, matches));
    else if (decided.has(table)) findings.push(namedTwice(name));
    else decided.set(table, decision);
  }
  const selected = schema.tables.flatMap((table) => {
    const decision = decided.get(table);
    return decision === undefined || decision === SKIP ? [] : [{ table, policy: decision }];
  });
  const unselected = schema.tables.filter((table) => !selected.some((one) => one.table === table)).map(({ ref }) => ref);
  const undecided = schema.tables.filter((table) => !decided.has(table)).map(({ ref }) => tableName(ref));
  if (undecided.length > 0 && findings.length === 0) findings.push(undecidedTables(undecided));
  return { selected, unselected, findings };
}

function isNamed(ref: TableRef, name: string): boolean {
  return tableName(ref) === name || ref.name === name || (ref.schema !== null && `${ref.schema}.${ref.name}` === name);
}

function unknownTable(name: string, schema: DataSchema): Finding {
  const names = schema.tables.map(({ ref }) => tableName(ref));
  const near = nearestNames(name, names, 1);
  return {
    code: "TABLE_UNKNOWN",
    severity: "error",
    message: `The source has no table ${name}.`,
    table: name,
    hint:
      near.length > 0
        ? `Did you mean ${near.join()}? The source has ${names.length} tables.`
        : "The source has no tables at all.",
  };
}

function ambiguousTable(name: string, matches: readonly Table[]): Finding {
  const names = matches.map(({ ref }) => `${ref.schema}.${ref.name}`).join(", ");
  return {
    code: "TABLE_UNKNOWN",
    severity: "error",
    message: `${name} could be any of ${names}.`,
    table: name,
    hint: "Name the schema as well.",
  };
}

function namedTwice(name: string): Finding {
  return {
    code: "POLICY_INVALID",
    severity: "error",
    message: `The policy decides about ${name} twice, under two spellings.`,
    table: name,
    hint: "Remove one of them.",
  };
}

function undecidedTables(names: readonly string[]): Finding {
  return {
    code: "TABLE_UNSELECTED",
    severity: "warning",
    message: `Not copied, as the policy does not name ${names.length === 1 ? "it" : "them"}: ${names.join(", ")}.`,
    hint: `Give each column a rule, or write ${names.map((name) => `"${name}": "skip"`).join(", ")}.`,
  };
}
