import type { Column, ColumnContext, MaskParts, Rule } from "../../contracts.ts";
import { partFor, partOf, textParts } from "./part-masks.ts";

/** What a leaf of a typed document may be. */
export const TEXT = 0;
export const INTEGER = 1;
export const DECIMAL = 2;
export const FLOAT = 3;
export const BOOLEAN = 4;
const SHAPES = 5;

/** The columns that leaves of each shape are like, the nearest first. */
function partsOfLeaves(column: Column): readonly (readonly Column[])[] {
  const like = (...kinds: Column["kind"][]) => kinds.map((kind) => partOf(column, kind));
  return [
    textParts(column),
    like("integer", "decimal", "float", "text"),
    like("decimal", "float", "text"),
    like("float", "text"),
    like("boolean", "text"),
  ];
}

/** The shape of a number as it is written. */
export function shapeOfNumber(literal: string): number {
  if (/[eE]/.test(literal)) return FLOAT;
  return literal.includes(".") ? DECIMAL : INTEGER;
}

/** Masks for leaves by rule and shape. */
export interface LeafMasks {
  readonly masks: readonly MaskParts[];
  /** Which of the masks is a rule's for a shape, undefined where the rule cannot mask it. */
  maskOf(rule: number, shape: number): number | undefined;
}

export async function prepareLeaves(rules: readonly Rule[], { column, inner }: ColumnContext): Promise<LeafMasks> {
  const masks: MaskParts[] = [];
  const found: (number | undefined)[] = [];
  for (const rule of rules) {
    const byKind = new Map<string, number>();
    for (const parts of partsOfLeaves(column)) {
      const part = partFor(rule, parts);
      if (part !== undefined && !byKind.has(part.kind)) byKind.set(part.kind, masks.push(await inner(rule, part)) - 1);
      found.push(part && byKind.get(part.kind));
    }
  }
  return { masks, maskOf: (rule, shape) => found[rule * SHAPES + shape] };
}

/** True and false as masks of booleans write them. */
const TRUTHS: ReadonlyMap<string, boolean> = new Map([
  ["true", true],
  ["t", true],
  ["1", true],
  ["false", false],
  ["f", false],
  ["0", false],
]);

export const truthOf = (masked: string): boolean | undefined => TRUTHS.get(masked);
