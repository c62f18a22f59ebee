import { isDeepStrictEqual } from "node:util";
import type { Column, Rule, Table } from "../contracts.ts";
import type { Finding, Place } from "../errors.ts";
import type { ClassSource } from "../policy/class-source.ts";
import type { Policy } from "../policy/define-policy.ts";
import { draftOf } from "../policy/parse/policy-draft.ts";
import { compareSpecificity, isPattern } from "../policy/pattern.ts";
import { tableName } from "../table-ref.ts";
import { nearestNames } from "../transforms/nearest-name.ts";
import type { ResolvedRules } from "./resolve-rules.ts";
import { type Candidate, candidateFinder, type GeneralRule } from "./rule-candidates.ts";
import type { SelectedTable } from "./select-tables.ts";
import { ambiguousClasses, statesClass } from "./stated-classes.ts";

export interface GeneralRules {
  ruleOf(table: Table, column: Column): GeneralRule | undefined;
  /** Where these rules stand, by `table.column`. */
  readonly places: ReadonlyMap<string, Place>;
  readonly findings: readonly Finding[];
  /** Columns with two rules of which neither is narrower. */
  readonly ambiguities: readonly Ambiguity[];
}

interface Ambiguity {
  readonly table: Table;
  readonly column: Column;
  readonly best: Candidate;
  readonly rival: Candidate;
}

/** Tells of the columns that two patterns would decide alike, each pair of patterns once. A column that takes its rule from elsewhere has no need of either. */
export function ambiguousRules({ ambiguities }: GeneralRules, rules: Pick<ResolvedRules, "ruleOf">): readonly Finding[] {
  const told = new Set<string>();
  return ambiguities.flatMap(({ table, column, best, rival }) => {
    const pair = `${best.broughtBy} ${rival.broughtBy}`;
    const resolved = rules.ruleOf(table, column);
    if (told.has(pair) || resolved?.isInherited || resolved?.broughtBy !== best.broughtBy) return [];
    told.add(pair);
    return [ambiguous(table, column, best, rival)];
  });
}

/**
 * Finds the rules that patterns and classes bring to the columns of the selected tables. Two patterns that are equally narrow and bring different rules are an
 * error, and so is a pattern that matches nothing.
 */
export function generalRules(policy: Policy, tables: readonly SelectedTable[], classes: ClassSource | null): GeneralRules {
  const findings: Finding[] = [
    ...classProblems(policy, classes),
    ...ambiguousClasses(
      policy,
      tables.map(({ table }) => table),
    ),
  ];
  const candidatesOf = candidateFinder(policy, classes);
  const matched = new Set<string>();
  const told = new Set<string>();
  const ambiguities: Ambiguity[] = [];
  const found = new Map<Column, GeneralRule>();
  const places = new Map<string, Place>();
  for (const selected of tables) {
    for (const column of selected.table.columns) {
      const candidates = candidatesOf(selected, column);
      for (const { broughtBy } of candidates) matched.add(broughtBy);
      if (column.isGenerated || Object.hasOwn(selected.policy, column.name)) continue;
      const [best, ...rest] = candidates.sort((one, other) => compareSpecificity(other.rank, one.rank));
      if (best === undefined) continue;
      const rival = rest.find((one) => compareSpecificity(one.rank, best.rank) === 0 && !isSameRule(one.rule, best.rule));
      if (rival !== undefined) ambiguities.push({ table: selected.table, column, best, rival });
      if (keepsWhatever(best) && !told.has(best.broughtBy)) findings.push(wideKeep(best));
      told.add(best.broughtBy);
      found.set(column, best);
      places.set(`${tableName(selected.table.ref)}.${column.name}`, best.place);
    }
  }
  findings.push(...unmatchedPatterns(policy, tables, matched));
  return { ruleOf: (_, column) => found.get(column), places, findings, ambiguities };
}

/** `"*": keep`: a column that somebody adds tomorrow is copied, whatever it holds. */
function keepsWhatever({ rule, pattern }: Candidate): boolean {
  return (
    rule.transform.technique === "none" && pattern !== null && !/[\p{L}\p{N}]/u.test(pattern.slice(pattern.lastIndexOf(".") + 1))
  );
}

function wideKeep({ broughtBy, place }: Candidate): Finding {
  return {
    code: "KEEP_WIDE",
    severity: "warning",
    message: `${broughtBy} keeps every column without a rule of its own, also one that is added tomorrow.`,
    ...place,
    hint: "Keep columns by their names, or by a part of them.",
  };
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
  const isShared = (broughtBy: string) => draft?.shared?.has(broughtBy) === true;
  const columns = tables.flatMap(({ table }) => table.columns.map(({ name }) => ({ table: tableName(table.ref), name })));
  const inColumns = Object.keys(policy.columns ?? {}).flatMap((key) => {
    const broughtBy = `columns → ${key}`;
    const names = columns.map(({ table, name }) => `${table}.${name}`);
    return matched.has(broughtBy) || isShared(broughtBy)
      ? []
      : [unmatched(broughtBy, key, names, draft?.columns.get(key)?.place)];
  });
  const blocks = new Map(tables.flatMap((one) => one.blocks.map((block) => [block.name, block] as const)));
  const inClasses = Object.keys(policy.classes ?? {}).flatMap((key) => {
    const isStated = tables.some(({ table }) => table.columns.some((column) => statesClass(key, table, column)));
    const names = columns.map(({ table, name }) => `${table}.${name}`);
    return isStated || isShared(`classes → ${key}`)
      ? []
      : [unmatched(`classes → ${key}`, key, names, draft?.classes.get(key)?.place)];
  });
  const inBlocks = [...blocks.values()].flatMap(({ name: block, rules, specificity }) =>
    Object.keys(rules).flatMap((key) => {
      const broughtBy = `tables → ${block} → ${key}`;
      // What is no pattern under a table's own name is that column's rule, and looked for elsewhere.
      if (matched.has(broughtBy) || (specificity === null && !isPattern(key))) return [];
      const names = columns.map(({ name }) => name);
      return [unmatched(broughtBy, key, names, draft?.tables.get(block)?.columns.get(key)?.place)];
    }),
  );
  return [...inColumns, ...inClasses, ...inBlocks];
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
