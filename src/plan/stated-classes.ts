import type { Column, Table } from "../contracts.ts";
import type { Finding } from "../errors.ts";
import type { DataClass } from "../policy/class-names.ts";
import type { ClassSource } from "../policy/class-source.ts";
import type { Policy } from "../policy/define-policy.ts";
import { NO_CLASS } from "../policy/parse/parse-classes.ts";
import { draftOf } from "../policy/parse/policy-draft.ts";
import { compareSpecificity, isPattern, parsePattern } from "../policy/pattern.ts";
import { tableName } from "../table-ref.ts";

export interface StatedClass {
  readonly key: string;
  readonly dataClass: DataClass | typeof NO_CLASS;
  /** Another pattern that is as narrow and states another class. */
  readonly rival?: string | undefined;
}

type Ranked = StatedClass & { readonly rank: readonly number[] };

/** What the policy's `classes` say of a column: under its name, else by the narrowest pattern; of equally narrow ones the first. */
export function statedClass({ classes }: Pick<Policy, "classes">, table: Table, column: Column): StatedClass | null {
  const name = `${tableName(table.ref)}.${column.name}`;
  let found = null as Ranked | null;
  for (const [key, dataClass] of Object.entries(classes ?? {})) {
    if (!statesClass(key, table, column)) continue;
    const pattern = key === name ? null : parsePattern(key);
    const rank = pattern === null ? [2] : pattern.specificity;
    const former: Ranked | null = found;
    const order = former === null ? 1 : compareSpecificity(rank, former.rank);
    if (order > 0) found = { key, dataClass, rank };
    else if (former !== null && order === 0 && former.dataClass !== dataClass) found = { ...former, rival: key };
  }
  return found;
}

/** Tells of the columns that two patterns of `classes` give different classes, each pair of patterns once. */
export function ambiguousClasses(policy: Policy, tables: readonly Table[]): readonly Finding[] {
  if (policy.classes === undefined) return [];
  const draft = draftOf(policy);
  const told = new Set<string>();
  return tables.flatMap((table) =>
    table.columns.flatMap((column): Finding[] => {
      const { key, rival } = statedClass(policy, table, column) ?? {};
      if (key === undefined || rival === undefined || told.has(`${key} ${rival}`)) return [];
      told.add(`${key} ${rival}`);
      const name = `${tableName(table.ref)}.${column.name}`;
      const states = (one: string) => `classes → ${one} (${policy.classes![one]})`;
      return [
        {
          code: "RULE_AMBIGUOUS",
          severity: "error",
          message: `${name} matches both ${states(key)} and ${states(rival)}, and neither is narrower.`,
          table: tableName(table.ref),
          column: column.name,
          ...draft?.classes.get(rival)?.place,
          hint: `State the class of ${name} itself, or make one of the patterns narrower.`,
        },
      ];
    }),
  );
}

/** Whether a key of `classes` speaks of this column. */
export function statesClass(key: string, table: Table, column: Column): boolean {
  const name = `${tableName(table.ref)}.${column.name}`;
  return key === name || (isPattern(key) && parsePattern(key)?.matches(name) === true);
}

/** What columns hold: what the policy states, and for all others what `otherwise` knows. */
export function withStatedClasses(policy: Pick<Policy, "classes">, otherwise: ClassSource | null): ClassSource | null {
  if (policy.classes === undefined) return otherwise;
  return {
    classOf(table, column) {
      const stated = statedClass(policy, table, column);
      if (stated === null) return otherwise?.classOf(table, column) ?? null;
      return stated.dataClass === NO_CLASS ? null : stated.dataClass;
    },
  };
}
