import type { ColumnContext, ColumnValues, FixedPoints, MaskColumn, MaskedValues, Rule, Uniqueness } from "../../contracts.ts";
import { innerColumnProblems, innerGuarantees, innerMaxLength, refuseWindows, ruleList } from "../../inner-rules.ts";
import { ALL_KINDS, defineTransform } from "../define-transform.ts";

const OPTIONS = {
  steps: ruleList({ describe: "The rules, in order: each masks what the one before it gave.", problem: refuseWindows }),
};

/** What is fixed for every step is fixed. */
const FIXED: FixedPoints = {
  description: "what every step leaves as it is",
  isFixed: (value, options, column) =>
    (options as { readonly steps: readonly Rule[] }).steps.every(
      ({ transform, options }) => transform.fixedPoints?.isFixed(value, options, column) ?? false,
    ),
};

/**
 * Masks by several rules in a row, each on what the one before it gave: `chain([encryptDigits(), redact({ keepLast: 4 })])` makes `4111-1111` into
 * `****-7203`.
 *
 * It promises what all of its steps promise together. A `shuffle` cannot be a step: it masks a column as a whole.
 */
export const chain = defineTransform({
  name: "chain",
  technique: "pseudonymization",
  accepts: ALL_KINDS,
  unsupported: "what a step cannot handle, and what becomes too long for its column",
  guarantees: ({ steps }, column) => {
    const all = steps.map((step) => innerGuarantees(step, column));
    return {
      deterministic: all.every(({ deterministic }) => deterministic),
      uniqueness: all.map(({ uniqueness }) => uniqueness).reduce(weaker),
      reversible: all.every(({ reversible }) => reversible),
      preservesLength: all.every(({ preservesLength }) => preservesLength),
      // Two steps may undo each other.
      changesInput: all.length === 1 ? all[0]!.changesInput : "not-promised",
    };
  },
  fixedPoints: FIXED,
  options: OPTIONS,
  shorthand: "steps",
  defaultDomain: ({ steps }) => steps.map(({ transform, options }) => transform.defaultDomain(options)).join(" then "),
  givesNull: ({ steps }) =>
    steps.some(({ transform, options, onUnsupported }) => transform.givesNull(options) || onUnsupported === "nullify"),
  maxOutputLength: ({ steps }, column) => innerMaxLength(steps[steps.length - 1]!, column),
  // Steps that keep what they get do nothing.
  alternatives: ({ steps }) => {
    const masking = steps.filter(({ transform }) => transform.technique !== "none");
    return masking.length > 1 ? undefined : masking.length === 1 ? masking : steps.slice(-1);
  },
  smallDomain: ({ steps }, column) => {
    const sizes = steps.map(({ transform, options }) => transform.smallDomain(options, column)).filter((size) => size !== null);
    return sizes.length === 0 ? null : Math.min(...sizes);
  },
  checkColumn: ({ steps }, column) => steps.flatMap((step) => innerColumnProblems(step, column)),
  prepare: async ({ steps }, context) => {
    const masked = await inARow(steps, context);
    const { maxLength } = context.column;
    if (maxLength === null) return masked;
    // A step may have been given more than the column holds by the one before it.
    const fits = (value: string | null | undefined) => value == null || value.length <= maxLength || lengthOf(value) <= maxLength;
    return async (values, batch) => {
      const given = await masked(values, batch);
      return given.every(fits) ? given : given.map((value) => (fits(value) ? value : undefined));
    };
  },
  reveal: async ({ steps }, context) => inARow(steps.toReversed(), context),
});

const lengthOf = (text: string): number => [...text].length;

async function inARow(steps: readonly Rule[], { inner }: ColumnContext): Promise<MaskColumn> {
  const masks = await Promise.all(steps.map((step) => inner(step)));
  return async (values, batch) => {
    let masked: MaskedValues = values;
    for (const mask of masks) masked = await onHandled(masked, (handled) => mask(handled, batch));
    return masked;
  };
}

/** Masks on what was handled so far: what was not stays undefined. */
async function onHandled(values: MaskedValues, mask: (values: ColumnValues) => Promise<MaskedValues>): Promise<MaskedValues> {
  if (!values.includes(undefined)) return mask(values as ColumnValues);
  const masked = await mask(values.map((value) => value ?? null));
  return masked.map((value, index) => (values[index] === undefined ? undefined : value));
}

/** Bits that a mapping keeps apart what was apart: all of them (a bijection), some, or none. */
function bitsOf(uniqueness: Uniqueness): { readonly exact: number; readonly ignoringCase: number } {
  switch (uniqueness.kind) {
    case "preserved":
      return {
        exact: Number.POSITIVE_INFINITY,
        ignoringCase: uniqueness.ignoringCase === undefined ? Number.POSITIVE_INFINITY : 0,
      };
    case "unlikely-lost":
      return { exact: uniqueness.bits, ignoringCase: uniqueness.bitsIgnoringCase ?? uniqueness.bits };
    case "lossy":
      return { exact: 0, ignoringCase: 0 };
  }
}

/** What two mappings in a row keep apart: where each has a chance to let values meet, the chances add up. */
function weaker(one: Uniqueness, other: Uniqueness): Uniqueness {
  const [first, second] = [bitsOf(one), bitsOf(other)];
  const both = (bits: number, others: number) =>
    Number.isFinite(bits) && Number.isFinite(others) ? Math.max(0, Math.min(bits, others) - 1) : Math.min(bits, others);
  const exact = both(first.exact, second.exact);
  const ignoringCase = both(first.ignoringCase, second.ignoringCase);
  if (exact === 0) return { kind: "lossy" };
  if (Number.isFinite(exact)) return { kind: "unlikely-lost", bits: exact, bitsIgnoringCase: Math.min(exact, ignoringCase) };
  return Number.isFinite(ignoringCase) ? { kind: "preserved", ignoringCase: "lossy" } : { kind: "preserved" };
}
