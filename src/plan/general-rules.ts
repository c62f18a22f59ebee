import { isDeepStrictEqual } from "node:util";
import type { Column, Rule, Table } from "../contracts.ts";
import type { Finding, Place } from "../errors.ts";
import type { ClassSource } from "../policy/class-source.ts";
import type { Policy } from "../policy/define-policy.ts";
import { compareSpecificity, isPattern, parsePattern } from "../policy/pattern.ts";
import { draftOf } from "../policy/policy-draft.ts";
import { tableName } from "../table-ref.ts";
import { nearestNames } from "../transforms/nearest-name.ts";
import type { SelectedTable } from "./select-tables.ts";

/** A rule that the policy gives to a column without naming both it and its table. */
export interface GeneralRule {
  readonly rule: Rule;
  /** As the policy has it: `columns → *.email`. */
  readonly broughtBy: string;
  readonly place: Place;
}

export interface GeneralRules {
  ruleOf(table: Table, column: Column): GeneralRule | undefined;
  /** Where these rules stand, by `table.column`. */
  readonly places: ReadonlyMap<string, Place>;
  readonly findings: readonly Finding[];
}

/** A rule on its way to a column: of several, the one of the narrowest kind wins, and in a kind the one of the narrowest pattern. */
interface Candidate extends GeneralRule {
  readonly rank: readonly number[];
  /** For what a pattern must match, to be of use. */
  readonly pattern: string | null;
}

/** Wider and wider. A rule under the very names of table and column is above all of these, and so is the rule of a foreign key's parent. */
const KINDS = { columnPattern: 4, tablePattern: 3, bothPatterns: 2, columns: 1, when: 0 } as const;

/**
 * Finds the rules that patterns and classes bring to the columns of the selected tables. Two patterns that are equally narrow and bring different rules are an
 * error, and so is a pattern that matches nothing.
 */
export function generalRules(policy: Policy, tables: readonly SelectedTable[], classes: ClassSource | null): GeneralRules {
  const findings: Finding[] = [...classProblems(policy, classes)];
  const matched = new Set<string>();
  const told = new Set<string>();
  const found = new Map<Column, GeneralRule>();
  const places = new Map<string, Place>();
  for (const selected of tables) {
    for (const column of selected.table.columns) {
      const candidates = candidatesOf(policy, selected, column, classes);
      for (const { pattern } of candidates) if (pattern !== null) matched.add(pattern);
      if (column.isGenerated || Object.hasOwn(selected.policy, column.name)) continue;
      const [best, ...rest] = candidates.sort((one, other) => compareSpecificity(other.rank, one.rank));
      if (best === undefined) continue;
      const rival = rest.find((one) => compareSpecificity(one.rank, best.rank) === 0 && !isSameRule(one.rule, best.rule));
      const pair = `${best.broughtBy} ${rival?.broughtBy}`;
      if (rival !== undefined && !told.has(pair)) findings.push(ambiguous(selected.table, column, best, rival));
      told.add(pair);
      found.set(column, best);
      places.set(`${tableName(selected.table.ref)}.${column.name}`, best.place);
    }
  }
  findings.push(...unmatchedPatterns(policy, tables, matched));
  return { ruleOf: (_, column) => found.get(column), places, findings };
}

function candidatesOf(
  policy: Policy,
  { table, blocks }: SelectedTable,
  column: Column,
  classes: ClassSource | null,
): Candidate[] {
  const draft = draftOf(policy);
  const name = `${tableName(table.ref)}.${column.name}`;
  const inBlocks = blocks.flatMap(({ name: block, rules, specificity }) =>
    Object.entries(rules).flatMap(([key, rule]): Candidate[] => {
      const isExact = key === column.name;
      if (isExact ? specificity === null : !matches(key, column.name)) return [];
      const own = isExact ? [] : (parsePattern(key)?.specificity ?? []);
      const kind = specificity === null ? KINDS.columnPattern : isExact ? KINDS.tablePattern : KINDS.bothPatterns;
      const place = draft?.tables.get(block)?.columns.get(key)?.place ?? {};
      const broughtBy = `tables → ${block} → ${key}`;
      return [{ rule, broughtBy, place, rank: [kind, ...(specificity ?? []), ...own], pattern: broughtBy }];
    }),
  );
  const byPattern = Object.entries(policy.columns ?? {}).flatMap(([key, rule]): Candidate[] => {
    if (!matches(key, name)) return [];
    const place = draft?.columns.get(key)?.place ?? {};
    const broughtBy = `columns → ${key}`;
    return [{ rule, broughtBy, place, rank: [KINDS.columns, ...parsePattern(key)!.specificity], pattern: broughtBy }];
  });
  const dataClass = policy.when === undefined ? null : (classes?.classOf(table, column) ?? null);
  const rule = dataClass !== null && Object.hasOwn(policy.when!, dataClass) ? policy.when![dataClass] : undefined;
  if (rule === undefined) return [...inBlocks, ...byPattern];
  const place = draft?.when.get(dataClass!)?.place ?? {};
  return [...inBlocks, ...byPattern, { rule, broughtBy: `when → ${dataClass}`, place, rank: [KINDS.when], pattern: null }];
}

function matches(key: string, name: string): boolean {
  return isPattern(key) && (parsePattern(key)?.matches(name) ?? false);
}

function isSameRule(one: Rule, other: Rule): boolean {
  const parts = ({ transform, options, domain, onUnsupported }: Rule) => [transform.name, options, domain, onUnsupported];
  return one === other || isDeepStrictEqual(parts(one), parts(other));
}

function ambiguous(table: Table, column: Column, one: Candidate, other: Candidate): Finding {
  const name = `${tableName(table.ref)}.${column.name}`;
  return {
    code: "RULE_AMBIGUOUS",
    severity: "error",
    message: `${name} matches both ${one.broughtBy} (${one.rule.transform.name}) and ${other.broughtBy} (${other.rule.transform.name}), and neither is narrower.`,
    table: tableName(table.ref),
    column: column.name,
    ...other.place,
    hint: `Give ${name} a rule of its own, or make one of the patterns narrower.`,
  };
}

/** Patterns that no column of a copied table has a use for: a typing mistake, or a column that is gone. */
function unmatchedPatterns(policy: Policy, tables: readonly SelectedTable[], matched: ReadonlySet<string>): readonly Finding[] {
  const draft = draftOf(policy);
  if (draft?.isPart) return [];
  // A file that several policies include may speak of columns that this source does not have.
  const unmatched = (broughtBy: string, key: string, names: readonly string[], place: Place = {}) =>
    unmatchedPattern(broughtBy, key, names, place, place.file === draft?.file ? "error" : "warning");
  const columns = tables.flatMap(({ table }) => table.columns.map(({ name }) => ({ table: tableName(table.ref), name })));
  const inColumns = Object.keys(policy.columns ?? {}).flatMap((key) => {
    const broughtBy = `columns → ${key}`;
    const names = columns.map(({ table, name }) => `${table}.${name}`);
    return matched.has(broughtBy) ? [] : [unmatched(broughtBy, key, names, draft?.columns.get(key)?.place)];
  });
  const blocks = new Map(tables.flatMap((one) => one.blocks.map((block) => [block.name, block] as const)));
  const inBlocks = [...blocks.values()].flatMap(({ name: block, rules, specificity }) =>
    Object.keys(rules).flatMap((key) => {
      const broughtBy = `tables → ${block} → ${key}`;
      // What is no pattern under a table's own name is that column's rule, and looked for elsewhere.
      if (matched.has(broughtBy) || (specificity === null && !isPattern(key))) return [];
      const names = columns.map(({ name }) => name);
      return [unmatched(broughtBy, key, names, draft?.tables.get(block)?.columns.get(key)?.place)];
    }),
  );
  return [...inColumns, ...inBlocks];
}

function unmatchedPattern(
  broughtBy: string,
  key: string,
  names: readonly string[],
  place: Place,
  severity: Finding["severity"],
): Finding {
  const near = key.startsWith("/") ? [] : nearestNames(key.replaceAll("*", ""), [...new Set(names)], 1);
  return {
    code: "RULE_UNMATCHED",
    severity,
    message: `${broughtBy} matches no column of a copied table.`,
    ...place,
    hint: near.length === 0 ? "Take it out, or mend the pattern." : `Did you mean ${near.join()}? Otherwise take it out.`,
  };
}

/** `when` without anybody who knows classes must not be passed over: the columns would want a rule, and nobody would know why. */
function classProblems(policy: Policy, classes: ClassSource | null): readonly Finding[] {
  if (policy.when === undefined || classes !== null) return [];
  return [
    {
      code: "CLASSES_UNAVAILABLE",
      severity: "error",
      message: "The policy has `when`, and here nothing tells what a column holds.",
      hint: "Use refresh(), planRefresh() or the command, which look at the columns' names, or give the columns rules.",
    },
  ];
}
