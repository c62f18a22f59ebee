import type { SqlNumber } from "./exact-number.ts";

/** A condition of a CHECK as a tree: the part of SQL that simple checks are written in. */
export type Condition =
  | { readonly type: "literal"; readonly value: string | SqlNumber | boolean | null }
  | { readonly type: "column"; readonly name: string; readonly isQuoted?: true }
  | { readonly type: "not"; readonly of: Condition }
  | { readonly type: "and" | "or"; readonly left: Condition; readonly right: Condition }
  | { readonly type: "compare"; readonly operator: string; readonly left: Condition; readonly right: Condition }
  | { readonly type: "isNull"; readonly of: Condition }
  | { readonly type: "in"; readonly of: Condition; readonly list: readonly Condition[] }
  | {
      readonly type: "like" | "regexp";
      readonly of: Condition;
      readonly pattern: Condition;
      readonly ignoresCase: boolean;
    }
  | { readonly type: "call"; readonly name: string; readonly parameters: readonly Condition[] }
  | { readonly type: "arithmetic"; readonly operator: string; readonly left: Condition; readonly right: Condition }
  | { readonly type: "cast"; readonly of: Condition; readonly to: string }
  | { readonly type: "array"; readonly items: readonly Condition[] };

/** The conditions that must all hold. */
export function conjunctsOf(condition: Condition): readonly Condition[] {
  return condition.type === "and" ? [...conjunctsOf(condition.left), ...conjunctsOf(condition.right)] : [condition];
}

/** The parts that a condition is made of. */
export function childrenOf(condition: Condition): readonly Condition[] {
  switch (condition.type) {
    case "not":
    case "isNull":
    case "cast":
      return [condition.of];
    case "in":
      return [condition.of, ...condition.list];
    case "like":
    case "regexp":
      return [condition.of, condition.pattern];
    case "call":
      return condition.parameters;
    case "array":
      return condition.items;
    case "literal":
    case "column":
      return [];
    default:
      return [condition.left, condition.right];
  }
}

/** The columns that a condition reads. */
export function columnsOf(condition: Condition): ReadonlySet<string> {
  if (condition.type === "column") return new Set([condition.name]);
  return new Set(childrenOf(condition).flatMap((child) => [...columnsOf(child)]));
}

/** The condition, or what it is not. */
export function negated(isNot: boolean, of: Condition): Condition {
  return isNot ? { type: "not", of } : of;
}
