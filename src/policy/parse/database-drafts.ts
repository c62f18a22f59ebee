import type { Finding } from "../../errors.ts";
import type { Reference } from "../define-policy.ts";
import { compareSpecificity, isPattern, parsePattern } from "../pattern.ts";
import { EMPTY_DRAFT, layOver, type Placed, type PolicyDraft } from "./policy-draft.ts";

/** The drafts of a policy's databases, each as if it were the only one: what stands outside holds for all of them. */
export function draftsOfDatabases(draft: PolicyDraft, findings: Finding[]): ReadonlyMap<string, PolicyDraft> {
  const { databases, references, ...rest } = draft;
  const common: PolicyDraft = { ...rest, ...EMPTY_DRAFT, ...commonRules(draft), references: [] };
  const shared = new Set([
    ...[...draft.columns.keys()].map((key) => `columns → ${key}`),
    ...[...draft.classes.keys()].map((key) => `classes → ${key}`),
  ]);
  const drafts = new Map([...databases].map(([name, own]) => [name, { ...layOver(common, own), shared }]));
  for (const reference of references) {
    const problem = placeReference(reference, drafts);
    if (problem !== null) findings.push({ code: "POLICY_INVALID", severity: "error", ...problem, ...reference.place });
  }
  return drafts;
}

const commonRules = ({ columns, when, classes, presets }: PolicyDraft) => ({ columns, when, classes, presets });

/** The parts of a column of one of several databases, `shop.customers.id`; null where no database is named. */
export function databaseColumn(
  name: string,
  databases: { has(name: string): boolean },
): { readonly database: string; readonly table: string; readonly column: string } | null {
  const [database, ...parts] = name.split(".");
  const column = parts.pop();
  if (column === undefined || parts.length === 0 || !databases.has(database!)) return null;
  return { database: database!, table: parts.join("."), column };
}

/** The rule that a draft gives a column by its name, or else by the narrowest of `columns`. What a schema or a class brings only the plan knows. */
function ruleOf({ tables, columns }: PolicyDraft, { table, column }: { readonly table: string; readonly column: string }) {
  const own = tables.get(table)?.columns.get(column);
  if (own !== undefined || tables.get(table)?.value !== "rules") return own;
  const matching = [...columns].flatMap(([key, rule]) => {
    const pattern = isPattern(key) ? parsePattern(key) : null;
    return pattern?.matches(`${table}.${column}`) ? [{ rule, rank: pattern.specificity }] : [];
  });
  return matching.sort((one, other) => compareSpecificity(other.rank, one.rank))[0]?.rule;
}

type Problem = Pick<Finding, "message" | "hint">;

/** Gives a reference to its database, or, where it leads to another, the rule of the column that it points to to the one that points. */
function placeReference({ value, place }: Placed<Reference>, drafts: Map<string, PolicyDraft>): Problem | null {
  const [from, to] = [databaseColumn(value.from, drafts), databaseColumn(value.to, drafts)];
  for (const [end, name] of [
    [from, value.from],
    [to, value.to],
  ] as const)
    if (end === null)
      return {
        message: `A reference names ${name}, which begins with none of the policy's databases.`,
        hint: `Write database.table.column: ${[...drafts.keys()][0]}.${name.split(".").slice(-2).join(".")}.`,
      };
  if (from === null || to === null) return null;
  const draft = drafts.get(from.database)!;
  if (from.database === to.database) {
    const own = { ...value, from: `${from.table}.${from.column}`, to: `${to.table}.${to.column}` };
    drafts.set(from.database, { ...draft, references: [...draft.references, { value: own, place }] });
    return null;
  }
  if (value.when !== undefined)
    return {
      message: `The reference from ${value.from} leads to another database, and has a \`when\`.`,
      hint: "Take `when` out.",
    };
  const rule = ruleOf(drafts.get(to.database)!, to);
  const table = draft.tables.get(from.table);
  if (rule === undefined || table?.value !== "rules" || table.columns.has(from.column)) return null;
  // As a reference within one database does it; the plan tells where the two then map differently all the same.
  const columns = new Map([...table.columns, [from.column, { value: rule.value, place }]]);
  drafts.set(from.database, { ...draft, tables: new Map([...draft.tables, [from.table, { ...table, columns }]]) });
  return null;
}
