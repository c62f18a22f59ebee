import type { Column, ColumnContext, MaskColumn } from "../../contracts.ts";
import { innerColumnProblems, innerGuarantees, refuseWindows, ruleOption } from "../../inner-rules.ts";
import { canonicalOf } from "../../keys/canonical.ts";
import { createColumnPrf } from "../../keys/column-prf.ts";
import { integer, type OptionsValue, text } from "../../option-spec.ts";
import { defineTransform, EMPTY_STAYS, isEmptyCell } from "../define-transform.ts";
import { keyedTail, TAIL_BITS, TAIL_LENGTH } from "../fake/fake-tail.ts";
import { cutText } from "../fake/fake-text.ts";

/** Keyed bits in each character of a tail but the last of 13. */
const CHARACTER_BITS = 5;

const OPTIONS = {
  rule: ruleOption({
    describe: "The rule whose outputs are to be unique.",
    problem: (rule) =>
      rule.transform.technique === "none"
        ? `may not be ${rule.transform.name}, which leaves the original before the characters that make it unique`
        : refuseWindows(rule),
  }),
  separator: text({ describe: "What stands before the characters that make an output unique.", default: "_" }),
  length: integer({
    describe: "How many of them, each with 5 keyed bits: 13 are enough for millions of rows, and 8 for a thousand.",
    default: TAIL_LENGTH,
    min: 4,
    max: TAIL_LENGTH,
  }),
} as const;

type Options = OptionsValue<typeof OPTIONS>;

/** The longest that may stand before an @ (RFC 5321 §4.5.3.1.1). */
const LONGEST_LOCAL = 64;

/**
 * Makes what another rule gives unique, by characters drawn from the original: with `rule: fake("internet.username")`, `jdoe` becomes
 * `mo.brandt_k3f9x2a7mq4tz`, and in mail addresses they stand before the @.
 *
 * One value, one output, in any order and batch: nothing is counted, retried or remembered. Two values meet only where their characters and the rule's outputs both
 * do. In a column that holds too few characters, the rule's output is cut. What it makes NULL stays NULL. Hint: `fake`, `persona` and `maskEmail` have
 * `unique` themselves, `tokenize` and `encryptDigits` are so.
 */
export const unique = defineTransform({
  name: "unique",
  technique: "substitution",
  accepts: ["text"],
  unsupported: "what its rule cannot handle, and a mail address with a host so long that nothing else fits",
  guarantees: (options, column) => ({
    deterministic: innerGuarantees(options.rule, innerColumn(options, column)).deterministic,
    uniqueness: { kind: "unlikely-lost", bits: Math.min(options.length * CHARACTER_BITS, TAIL_BITS) },
    reversible: false,
    preservesLength: false,
    changesInput: "almost-always",
  }),
  fixedPoints: EMPTY_STAYS,
  isKeyed: true,
  options: OPTIONS,
  shorthand: "rule",
  defaultDomain: ({ rule }) => `unique ${rule.domain ?? rule.transform.defaultDomain(rule.options)}`,
  givesNull: ({ rule }) => rule.transform.givesNull(rule.options) || rule.onUnsupported === "nullify",
  maxOutputLength: (options, column) => {
    if (column.maxLength !== null) return column.maxLength;
    const longest = options.rule.transform.maxOutputLength(options.rule.options, column);
    return longest === null || options.rule.onUnsupported === "redact" ? null : longest + suffixLength(options);
  },
  checkColumn: (options, column) => {
    const { maxLength, type } = column;
    const needed = suffixLength(options) + 1;
    if (maxLength !== null && maxLength < needed)
      return [`a unique output has at least ${needed} characters, and a column of type ${type} holds ${maxLength}`];
    return innerColumnProblems(options.rule, innerColumn(options, column));
  },
  prepare,
});

function suffixLength({ separator, length }: Options): number {
  return [...separator].length + length;
}

/** The rule gives as many characters as leave room for those behind it. */
function innerColumn(options: Options, column: Column): Column {
  const { maxLength, maxBytes } = column;
  const suffix = suffixLength(options);
  return {
    ...column,
    maxLength: maxLength === null ? null : Math.max(maxLength - suffix, 0),
    ...(maxBytes != null && { maxBytes: Math.max(maxBytes - Buffer.byteLength(options.separator) - options.length, 0) }),
  };
}

async function prepare(options: Options, context: ColumnContext): Promise<MaskColumn> {
  const { column } = context;
  const { rule, separator, length } = options;
  const mask = await context.inner(rule, innerColumn(options, column));
  const prf = createColumnPrf(context.deriveKey("unique"));
  const canonical = canonicalOf(column) ?? ((value: string) => value);
  return async (values, batch) => {
    const masked = await mask(values, batch);
    const words = prf.words(values.map((value) => (value === null ? null : canonical(value))));
    return values.map((value, row) => {
      if (value === null || isEmptyCell(value, column.isPadded)) return value;
      const text = masked[row];
      if (typeof text !== "string") return text;
      const suffix = separator + keyedTail(words[row * 4]!, words[row * 4 + 1]!).slice(0, length);
      return withSuffix(column.isPadded ? text.trimEnd() : text, suffix, column.maxLength);
    });
  };
}

/** A mail address: what stands before the @ and behind it, a closing quote with that. */
const ADDRESS = /^("(?:[^"\\]|\\.)*|[^\s@"]+)("?@[^\s@]+)$/;

/** Undefined where a column has no room for it. */
function withSuffix(text: string, suffix: string, maxLength: number | null): string | undefined {
  const [, local = text, host = ""] = ADDRESS.exec(text) ?? [];
  const taken = lengthOf(suffix) + lengthOf(host);
  const room = Math.min(
    (maxLength ?? Number.POSITIVE_INFINITY) - taken,
    host === "" ? Number.POSITIVE_INFINITY : LONGEST_LOCAL - lengthOf(suffix),
  );
  if (room < 0) return undefined;
  return (lengthOf(local) > room ? cutText(local, room) : local) + suffix + host;
}

function lengthOf(text: string): number {
  let count = 0;
  for (const _ of text) count++;
  return count;
}
