import type { DataSchema, Table, TableRef } from "../contracts.ts";
import type { Finding } from "../errors.ts";
import { LEAVE, type Policy, type TablePolicy, type TablesPolicy } from "../policy/define-policy.ts";
import { isPattern } from "../policy/pattern.ts";
import { tableName } from "../table-ref.ts";
import { nearestNames } from "../transforms/nearest-name.ts";
import { counted } from "../written-numbers.ts";
import { decideByPattern, isNamed, type TableBlock, tablePatterns, unmatchedTables } from "./table-patterns.ts";

export interface SelectedTable {
  readonly table: Table;
  /** The rules under the very name of the table and of a column. */
  readonly policy: TablePolicy;
  /** Everything under names and patterns that are this table's, patterns of columns included. */
  readonly blocks: readonly TableBlock[];
}

export interface Selection {
  readonly selected: readonly SelectedTable[];
  readonly unselected: readonly Table[];
  readonly findings: readonly Finding[];
}

/** Finds the policy's tables in the schema, by `name` or `schema.name`. */
export function selectTables(policy: Policy, schema: DataSchema, target: DataSchema): Selection {
  const findings: Finding[] = [];
  const patterns = tablePatterns(policy, schema.tables);
  const decided = new Map<Table, { readonly name: string; readonly decision: TablesPolicy[string] }>();
  for (const [name, decision] of Object.entries(policy.tables)) {
    const matches = schema.tables.filter(({ ref }) => isNamed(ref, name));
    const [table] = matches;
    if (patterns.some((pattern) => pattern.name === name)) continue;
    // What is left as it is may be the target's own.
    if (table === undefined && decision === LEAVE && target.tables.some(({ ref }) => isNamed(ref, name))) continue;
    if (table === undefined) findings.push(unknownTable(name, schema));
    else if (matches.length > 1) findings.push(ambiguousTable(name, matches));
    else if (decided.has(table)) findings.push(namedTwice(name));
    else decided.set(table, { name, decision });
  }
  const undecided: string[] = [];
  const selected = schema.tables.flatMap((table): SelectedTable[] => {
    const own = decided.get(table);
    const matching = patterns.filter((pattern) => pattern.matches(table.ref));
    const byPattern = decideByPattern(policy, table.ref, own === undefined ? matching : []);
    findings.push(...byPattern.findings);
    const decision = own?.decision ?? byPattern.decision;
    if (decision === undefined) undecided.push(tableName(table.ref));
    if (decision === undefined || typeof decision === "string") return [];
    const blocks = [...(own === undefined ? [] : [{ ...own, specificity: null }]), ...matching].flatMap(
      ({ name, decision: rules, specificity }): TableBlock[] => (typeof rules === "string" ? [] : [{ name, rules, specificity }]),
    );
    return [{ table, policy: own === undefined ? {} : exactRules(own.decision as TablePolicy, table), blocks }];
  });
  const copied = new Set(selected.map(({ table }) => table));
  const unselected = schema.tables.filter((table) => !copied.has(table));
  findings.push(...patterns.flatMap((pattern) => unmatchedTables(policy, pattern, schema.tables)));
  if (undecided.length > 0 && findings.length === 0) findings.push(undecidedTables(undecided));
  return { selected, unselected, findings };
}

/** Whether the policy leaves this table as the target has it, and takes references to and from it upon itself. */
export function isLeft(policy: Policy, ref: TableRef): boolean {
  return decisionOf(policy, ref) === LEAVE;
}

/** What the policy says of one table, by its name or by a pattern; undefined where it says nothing. */
export function decisionOf(policy: Policy, ref: TableRef): TablesPolicy[string] | undefined {
  const own = Object.entries(policy.tables).find(([name]) => isNamed(ref, name));
  if (own !== undefined) return own[1];
  return decideByPattern(
    policy,
    ref,
    tablePatterns(policy, []).filter((pattern) => pattern.matches(ref)),
  ).decision;
}

/** What is no pattern, and a column that is really called `a*`. */
function exactRules(rules: TablePolicy, { columns }: Table): TablePolicy {
  const exact = Object.entries(rules).filter(([name]) => !isPattern(name) || columns.some((column) => column.name === name));
  return exact.length === Object.keys(rules).length ? rules : Object.fromEntries(exact);
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
        ? `Did you mean ${near.join()}? The source has ${counted(names.length, "table")}${names.length > 8 ? "" : `: ${names.join(", ")}`}.`
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
    table: names.length === 1 ? names[0] : undefined,
    hint: `Give each column a rule, or write ${names.map((name) => `"${name}": "skip"`).join(", ")}.`,
  };
}
