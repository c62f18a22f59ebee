import type { Column, Rule } from "../contracts.ts";
import type { Place } from "../errors.ts";
import type { ClassSource } from "../policy/class-source.ts";
import type { Policy } from "../policy/define-policy.ts";
import { draftOf } from "../policy/parse/policy-draft.ts";
import { isPattern, type Pattern, parsePattern } from "../policy/pattern.ts";
import { tableName } from "../table-ref.ts";
import type { SelectedTable } from "./select-tables.ts";
import { statedClass } from "./stated-classes.ts";

/** A rule that the policy gives to a column without naming both it and its table. */
export interface GeneralRule {
  readonly rule: Rule;
  /** As the policy has it: `columns → *.email`. */
  readonly broughtBy: string;
  readonly place: Place;
  /** Who says of what class the column is, where that brought the rule: `its name`, or `classes → users.nick`. */
  readonly classedBy?: string;
}

/** A rule on its way to a column: of several, the one of the narrowest kind wins, and in a kind the one of the narrowest pattern. */
export interface Candidate extends GeneralRule {
  readonly rank: readonly number[];
  /** The pattern that the column's name matched, null where it was named or is of a class. */
  readonly pattern: string | null;
}

/** Narrower and narrower. A rule under the very names of table and column is above all of these, and so is the rule of a foreign key's parent. */
const KINDS = { when: 0, columns: 1, bothPatterns: 2, tablePattern: 3, columnPattern: 4 } as const;

export type CandidatesOf = (selected: SelectedTable, column: Column) => Candidate[];

/** Finds the general rules for one column after the other. A pattern is read once, and columns are many. */
export function candidateFinder(policy: Policy, classes: ClassSource | null): CandidatesOf {
  const draft = draftOf(policy);
  const patterns = new Map<string, Pattern | null>();
  const matching = (key: string, name: string): Pattern | null => {
    if (!patterns.has(key)) patterns.set(key, isPattern(key) ? parsePattern(key) : null);
    const pattern = patterns.get(key) ?? null;
    return pattern?.matches(name) ? pattern : null;
  };

  const fromTables: CandidatesOf = ({ blocks }, column) =>
    blocks.flatMap(({ name: block, rules, specificity }) =>
      Object.entries(rules).flatMap(([key, rule]): Candidate[] => {
        const isExact = key === column.name;
        const pattern = isExact ? null : matching(key, column.name);
        if (isExact ? specificity === null : pattern === null) return [];
        const kind = specificity === null ? KINDS.columnPattern : isExact ? KINDS.tablePattern : KINDS.bothPatterns;
        const place = draft?.tables.get(block)?.columns.get(key)?.place ?? {};
        const rank = [kind, ...(specificity ?? []), ...(pattern?.specificity ?? [])];
        return [{ rule, broughtBy: `tables → ${block} → ${key}`, place, rank, pattern: pattern === null ? null : key }];
      }),
    );

  const fromColumns: CandidatesOf = ({ table }, column) =>
    Object.entries(policy.columns ?? {}).flatMap(([key, rule]): Candidate[] => {
      const pattern = matching(key, `${tableName(table.ref)}.${column.name}`);
      if (pattern === null) return [];
      const place = draft?.columns.get(key)?.place ?? {};
      return [{ rule, broughtBy: `columns → ${key}`, place, rank: [KINDS.columns, ...pattern.specificity], pattern: key }];
    });

  const fromClasses: CandidatesOf = ({ table }, column) => {
    const dataClass = policy.when === undefined ? null : (classes?.classOf(table, column) ?? null);
    const rule = dataClass === null ? undefined : policy.when?.[dataClass];
    if (dataClass === null || rule === undefined) return [];
    const place = draft?.when.get(dataClass)?.place ?? {};
    const stated = statedClass(policy, table, column);
    const classedBy = stated === null ? "its name" : `classes → ${stated.key}`;
    return [{ rule, broughtBy: `when → ${dataClass}`, place, rank: [KINDS.when], pattern: null, classedBy }];
  };

  return (selected, column) => [fromTables, fromColumns, fromClasses].flatMap((from) => from(selected, column));
}
