import type { Column, Table } from "../contracts.ts";
import type { DataClass } from "../policy/class-names.ts";
import type { ClassSource } from "../policy/class-source.ts";
import type { Policy } from "../policy/define-policy.ts";
import { NO_CLASS } from "../policy/parse-classes.ts";
import { compareSpecificity, isPattern, parsePattern } from "../policy/pattern.ts";
import { tableName } from "../table-ref.ts";

export interface StatedClass {
  readonly key: string;
  readonly dataClass: DataClass | typeof NO_CLASS;
}

/** What the policy's `classes` say of a column: under its name, else by the narrowest pattern; of equally narrow ones the last. */
export function statedClass({ classes }: Pick<Policy, "classes">, table: Table, column: Column): StatedClass | null {
  const name = `${tableName(table.ref)}.${column.name}`;
  let found: (StatedClass & { readonly rank: readonly number[] }) | null = null;
  for (const [key, dataClass] of Object.entries(classes ?? {})) {
    if (!statesClass(key, table, column)) continue;
    const pattern = key === name ? null : parsePattern(key);
    const rank = pattern === null ? [2] : pattern.specificity;
    if (found === null || compareSpecificity(rank, found.rank) >= 0) found = { key, dataClass, rank };
  }
  return found;
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
