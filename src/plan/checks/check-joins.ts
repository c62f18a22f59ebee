import type { Finding } from "../../errors.ts";
import type { Policy, Reference } from "../../policy/define-policy.ts";
import { databaseColumn } from "../../policy/parse/database-drafts.ts";
import { draftOf } from "../../policy/parse/policy-draft.ts";
import { parsePattern } from "../../policy/pattern.ts";
import { tableName } from "../../table-ref.ts";
import { mapsAlikeUpTo, sayTheSame } from "../locks/same-mapping.ts";
import type { ColumnPlan, Plan, TablePlan } from "../plan.ts";
import { statesClass } from "../stated-classes.ts";
import { isNamed } from "../table-patterns.ts";

/** Systems differ in how long a text may be, and no stand-in of what tables are joined by is as long as this. */
const LONG_ENOUGH = 100;

type Plans = ReadonlyMap<string, Plan>;

/** What no plan of one database can tell: references to another whose column maps otherwise, and patterns that match in none of them. */
export function checkJoins(policy: Policy, plans: Plans): readonly Finding[] {
  const draft = draftOf(policy);
  const joins = (policy.references ?? []).flatMap((reference, index) => {
    const place = draft?.references[index]?.place ?? {};
    return checkJoin(reference, plans).map((finding): Finding => ({ ...finding, ...place }));
  });
  return [...joins, ...checkPatterns(policy, plans)];
}

function checkJoin({ from, to }: Reference, plans: Plans): readonly Finding[] {
  const [one, other] = [databaseColumn(from, plans), databaseColumn(to, plans)];
  if (one === null || other === null || one.database === other.database) return [];
  const place = { database: one.database, table: one.table, column: one.column };
  const conflict = (message: string, hint: string, severity: Finding["severity"] = "error"): Finding[] => [
    { code: "REFERENCE_CONFLICT", severity, message, hint, ...place },
  ];
  const [child, parent] = [planOf(one, plans), planOf(other, plans)];
  for (const [plan, name] of [
    [child, from],
    [parent, to],
  ] as const)
    if (plan === undefined)
      return isUncovered(name, plans)
        ? []
        : conflict(
            `The reference from ${from} to ${to} names ${name}, which is not copied or not there.`,
            "Give the columns of its table a rule.",
          );
  const [rule, parentRule] = [child!.rule, parent!.rule];
  // The servers compute them, or a missing rule is told elsewhere.
  if (rule === null || parentRule === null) return [];
  const hint = `Write the rule of ${to} for ${from} as well, in one domain; or take both rules out and give them one under \`columns\`.`;
  if (child!.branches !== undefined || parent!.branches !== undefined)
    return conflict(`${from} references ${to}, and the rule of one of them depends on the row.`, hint);
  if (!sayTheSame(rule, parentRule))
    return conflict(
      `${from} references ${to}, which is under ${said(parent!)}; its own rule (${said(child!)}) would break the join.`,
      hint,
    );
  const length = mapsAlikeUpTo(rule, child!.column, parent!.column);
  if (length >= LONG_ENOUGH) return [];
  if (length > 0)
    return conflict(
      `${from} is ${typeOf(child!)} and references ${to}, which is ${typeOf(parent!)}: a stand-in of more than ${length} characters would differ.`,
      "Give both columns one length, where you can.",
      "warning",
    );
  return conflict(
    `${from} is ${typeOf(child!)} and references ${to}, which is ${typeOf(parent!)}: ${rule.transform.name} maps the two differently.`,
    "Give both columns one type and one length, or keep both.",
  );
}

function planOf({ database, table, column }: NonNullable<ReturnType<typeof databaseColumn>>, plans: Plans) {
  const found = plans.get(database)!.tables.find((one) => isNamed(one.table.ref, table));
  return found?.columns.find((one) => one.column.name === column);
}

/** Whether the column is there and has no rule, which its own plan tells. */
function isUncovered(name: string, plans: Plans): boolean {
  const { database, table, column } = databaseColumn(name, plans)!;
  const found = plans.get(database)!.tables.find((one) => isNamed(one.table.ref, table));
  return found?.table.columns.some((one) => one.name === column) === true;
}

/** With the domain, which may be all that differs. */
const said = ({ rule, decision, domain }: ColumnPlan): string =>
  decision === "mask" ? `${rule!.transform.name} in the domain ${domain}` : rule!.transform.name;

const typeOf = ({ column: { type, kind } }: ColumnPlan): string => (type === "csv" ? `${kind} in a CSV` : type);

/** A pattern that stands outside of the databases may match in one of them alone, and has to match in one. */
function checkPatterns(policy: Policy, plans: Plans): readonly Finding[] {
  const draft = draftOf(policy);
  const all = [...plans.values()].flatMap(({ tables }) => tables);
  const isMatched = (matches: (table: TablePlan, column: string) => boolean) =>
    all.some((table) => table.table.columns.some(({ name }) => matches(table, name)));
  const found = (section: "columns" | "classes", key: string): Finding => ({
    code: "RULE_UNMATCHED",
    severity: "error",
    message: `${section} → ${key} matches no column of a copied table in any of the databases.`,
    hint: "Take it out, or mend the pattern.",
    ...draft?.[section].get(key)?.place,
  });
  const columns = Object.keys(policy.columns ?? {}).filter((key) => {
    const pattern = parsePattern(key);
    return !isMatched((table, column) => pattern?.matches(`${tableName(table.table.ref)}.${column}`) === true);
  });
  const classes = Object.keys(policy.classes ?? {}).filter(
    (key) => !isMatched(({ table }, name) => statesClass(key, table, table.columns.find((column) => column.name === name)!)),
  );
  return [...columns.map((key) => found("columns", key)), ...classes.map((key) => found("classes", key))];
}
