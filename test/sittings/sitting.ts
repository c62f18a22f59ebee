import type { Rule } from "../../src/contracts.ts";
import type { TransformExam } from "../../src/testing/index.ts";

/** A rule that is examined, and on what. */
export type Sitting = readonly [name: string, rule: Rule, exam?: TransformExam];

/** The rules of each transform that are examined: with the options that change what it promises. */
export type Sittings = Readonly<Record<string, readonly Sitting[]>>;

/** Values of one form, for what looks into them. */
export const within = (column: NonNullable<TransformExam["column"]>, write: (number: number) => string): TransformExam => ({
  column,
  values: [...Array.from({ length: 400 }, (_, number) => write(number)), null],
});
