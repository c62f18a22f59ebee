import type { Column, ColumnContext, ColumnKind, MaskParts, Rule } from "../../contracts.ts";
import { isStandinError, type StandinError } from "../../errors.ts";
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

export async function prepareLeaves(rules: readonly Rule[], context: ColumnContext): Promise<LeafMasks> {
  const masks: MaskParts[] = [];
  const found: (number | undefined)[] = [];
  for (const rule of rules) {
    const byKind = new Map<ColumnKind, number | StandinError>();
    for (const parts of partsOfLeaves(context.column)) found.push(await prepareFirst(rule, parts, context, masks, byKind));
    if (byKind.size > 0 && [...byKind.values()].every(isStandinError)) throw [...byKind.values()][0]!;
  }
  return { masks, maskOf: (rule, shape) => found[rule * SHAPES + shape] };
}

/**
 * Prepares a rule for the first of these columns that it can mask, once for each kind. Some know only when they are readied whether they can: faker's numbers
 * are no booleans, and its booleans are no numbers.
 */
async function prepareFirst(
  rule: Rule,
  parts: readonly Column[],
  { inner }: ColumnContext,
  masks: MaskParts[],
  byKind: Map<ColumnKind, number | StandinError>,
): Promise<number | undefined> {
  for (const part of parts) {
    if (partFor(rule, [part]) === undefined) continue;
    let mask = byKind.get(part.kind);
    if (mask === undefined) {
      mask = await inner(rule, part).then((mask) => masks.push(mask) - 1, refusal);
      byKind.set(part.kind, mask);
    }
    if (typeof mask === "number") return mask;
  }
  return undefined;
}

function refusal(error: unknown): StandinError {
  if (isStandinError(error) && error.code === "OPTION_INVALID") return error;
  throw error;
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
