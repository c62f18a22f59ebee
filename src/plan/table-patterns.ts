import type { Table, TableRef } from "../contracts.ts";
import type { Finding } from "../errors.ts";
import type { Policy, TablePolicy, TablesPolicy } from "../policy/define-policy.ts";
import { draftOf } from "../policy/parse/policy-draft.ts";
import { compareSpecificity, isPattern, parsePattern } from "../policy/pattern.ts";
import { tableName } from "../table-ref.ts";

/** What stands under one name of `tables`, which may be the name of several. */
export interface TableBlock {
  /** The name or the pattern. */
  readonly name: string;
  readonly rules: TablePolicy;
  /** Null where it is the very name of a table. */
  readonly specificity: readonly number[] | null;
}

export interface TablePattern {
  readonly name: string;
  readonly decision: TablesPolicy[string];
  readonly specificity: readonly number[];
  matches(ref: TableRef): boolean;
}

/** The patterns among the names under `tables`. The name of a table that is really called `a*` is none. */
export function tablePatterns(policy: Policy, tables: readonly Table[]): readonly TablePattern[] {
  return Object.entries(policy.tables).flatMap(([name, decision]) => {
    const pattern = isPattern(name) && !tables.some(({ ref }) => isNamed(ref, name)) ? parsePattern(name) : null;
    if (pattern === null) return [];
    return [{ name, decision, specificity: pattern.specificity, matches: (ref: TableRef) => pattern.matches(tableName(ref)) }];
  });
}

/** Whether a name under `tables` is this table's. */
export function isNamed(ref: TableRef, name: string): boolean {
  return tableName(ref) === name || ref.name === name || (ref.schema !== null && `${ref.schema}.${ref.name}` === name);
}

/** What the narrowest of the patterns that match a table says, and what is wrong where an equally narrow one says something else. */
export function decideByPattern(
  policy: Policy,
  ref: TableRef,
  matching: readonly TablePattern[],
): { readonly decision: TablesPolicy[string] | undefined; readonly findings: readonly Finding[] } {
  const [best, ...rest] = [...matching].sort((one, other) => compareSpecificity(other.specificity, one.specificity));
  if (best === undefined) return { decision: undefined, findings: [] };
  const kindOf = ({ decision }: TablePattern) => (typeof decision === "string" ? decision : "rules");
  const rival = rest.find((one) => compareSpecificity(one.specificity, best.specificity) === 0 && kindOf(one) !== kindOf(best));
  if (rival === undefined) return { decision: best.decision, findings: [] };
  const finding: Finding = {
    code: "RULE_AMBIGUOUS",
    severity: "error",
    message: `${tableName(ref)} matches both tables → ${best.name} and tables → ${rival.name}, which say different things, and neither is narrower.`,
    table: tableName(ref),
    ...draftOf(policy)?.tables.get(rival.name)?.place,
    hint: `Name ${tableName(ref)} itself under \`tables\`.`,
  };
  return { decision: best.decision, findings: [finding] };
}

/** A pattern that no table matches: a typing mistake, or tables that are gone. */
export function unmatchedTables(policy: Policy, { name, matches }: TablePattern, tables: readonly Table[]): readonly Finding[] {
  if (tables.some(({ ref }) => matches(ref))) return [];
  return [
    {
      code: "RULE_UNMATCHED",
      severity: "error",
      message: `tables → ${name} matches no table of the source.`,
      ...draftOf(policy)?.tables.get(name)?.place,
      hint: "Take it out, or mend the pattern.",
    },
  ];
}
