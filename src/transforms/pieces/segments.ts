import type { MaskedValues, Rule } from "../../contracts.ts";
import { innerColumnProblems, innerGuarantees, refuseWindows, ruleMap } from "../../inner-rules.ts";
import { choice, type OptionSpec, type OptionsValue } from "../../option-spec.ts";
import { longestText } from "../../pattern-cost.ts";
import { type PatternGroup, patternProblem, readPattern } from "../../pattern-form.ts";
import { defineTransform } from "../define-transform.ts";

const pattern: OptionSpec<string, false> = {
  kind: "text",
  describe: "A regular expression that a whole value must match, with the parts to mask in (groups).",
  isOptional: false,
  default: undefined,
  problem: (value) => patternProblem(value),
};

const OPTIONS = {
  pattern,
  groups: ruleMap({ describe: "A rule per group, by its number from 1 or its name.", problem: refuseWindows }),
  others: choice({
    describe: "What becomes of the text outside of these groups; fail: a letter or digit there is one that it cannot handle.",
    choices: ["redact", "keep", "fail"],
    default: "redact",
  }),
} as const;

type Options = OptionsValue<typeof OPTIONS>;

interface Segment {
  readonly group: number;
  readonly rule: Rule;
}

/**
 * Masks the parts of a value that a regular expression has in groups, each by a rule of its own, and keeps or redacts the rest:
 * `segments({ pattern: "([A-Z]{2})-(\\d+)", groups: { 2: encryptDigits() }, others: "keep" })` makes `DE-48213` into `DE-90377`.
 *
 * The pattern is JavaScript's (flag u) and must match the whole value; one that does not match is a value that it cannot handle. Without `others` what stands
 * outside of the groups is redacted, letter by letter. Repetitions within repetitions are refused, as they may take time without end; so are groups that repeat or
 * stand in one another, of which a part would be missed. A value so long that its pattern could take more than a moment is one that it cannot handle, too. Values of
 * different parts may become equal, so it keeps no unique column unique.
 */
export const segments = defineTransform({
  name: "segments",
  technique: "pseudonymization",
  accepts: ["text"],
  unsupported:
    "a value that the pattern does not match, or so long that it could take more than a moment, a part that its rule cannot handle, and what becomes too long for its column",
  guarantees: (options, column) => {
    const all = segmentsOf(options).map(({ rule }) => innerGuarantees(rule, column));
    return {
      deterministic: all.every(({ deterministic }) => deterministic),
      uniqueness: { kind: "lossy" },
      reversible: false,
      preservesLength: all.every(({ preservesLength }) => preservesLength),
      changesInput: "not-promised",
    };
  },
  options: OPTIONS,
  defaultDomain: ({ groups }) =>
    Object.values(groups)
      .map(({ transform, options }) => transform.defaultDomain(options))
      .join(" and "),
  smallDomain: (options, column) => {
    const sizes = segmentsOf(options)
      .map(({ rule }) => rule.transform.smallDomain(rule.options, column))
      .filter((size) => size !== null);
    return sizes.length === 0 ? null : Math.min(...sizes);
  },
  checkColumn: (options, column) => [
    ...groupProblems(options),
    ...segmentsOf(options).flatMap(({ rule }) => innerColumnProblems(rule, { ...column, maxLength: null })),
  ],
  prepare: async (options, { column, inner }) => {
    const { pattern, others } = options;
    // A part may be longer than it was: what the column holds is asked of the whole.
    const part = { ...column, maxLength: null };
    const all = segmentsOf(options);
    const masks = await Promise.all(all.map(({ rule }) => inner(rule, part)));
    const whole = new RegExp(`^(?:${pattern})$`, "du");
    const longest = longestText(whole.source);
    return async (values, batch) => {
      const found = all.map((): Found => ({ texts: [], rows: [], starts: [], next: 0 }));
      const isMatched = new Uint8Array(values.length);
      // A match is let go at once: those of a whole batch would weigh on the memory.
      for (let row = 0; row < values.length; row++) {
        const value = values[row]!;
        const match = value === null || value.length > longest ? null : whole.exec(value);
        if (match === null) continue;
        isMatched[row] = 1;
        for (let index = 0; index < all.length; index++) {
          const { group } = all[index]!;
          const text = match[group];
          if (text === undefined) continue;
          const { texts, rows, starts } = found[index]!;
          texts.push(text);
          rows.push(row);
          starts.push(match.indices![group]![0]);
        }
      }
      const masked: MaskedValues[] = [];
      for (const [index, mask] of masks.entries()) masked.push(await mask(found[index]!.texts, batch, found[index]!.rows));
      const { maxLength } = column;
      return values.map((value, row) => {
        if (value === null) return null;
        if (isMatched[row] === 0) return undefined;
        const written = joined(value, row, found, masked, others);
        const isTooLong = written !== undefined && maxLength !== null && written.length > maxLength;
        return isTooLong && [...written].length > maxLength ? undefined : written;
      });
    };
  },
});

/** The parts that a group has in the rows of a batch. */
interface Found {
  readonly texts: string[];
  /** Their rows, in order. */
  readonly rows: number[];
  readonly starts: number[];
  /** The part that the next row with one has. */
  next: number;
}

/** A value of the masked parts that its row has. Null of a part is one that no text can hold; parts that a look ahead lets overlap have no place. */
function joined(
  value: string,
  row: number,
  found: readonly Found[],
  masked: readonly MaskedValues[],
  others: Options["others"],
): string | undefined {
  let written: string | undefined = "";
  let from = 0;
  for (let index = 0; index < found.length; index++) {
    const group = found[index]!;
    if (group.rows[group.next] !== row) continue;
    // Counted also for a value that has failed: the parts of the next one follow.
    const part = group.next++;
    const start = group.starts[part]!;
    const text = masked[index]![part];
    const between = start < from ? undefined : besides(value.slice(from, start), others);
    if (between === undefined || text === null || text === undefined) written = undefined;
    else if (written !== undefined) written += between + text;
    from = start + group.texts[part]!.length;
  }
  const rest = besides(value.slice(from), others);
  return rest === undefined || written === undefined ? undefined : written + rest;
}

const LETTER = /[\p{L}\p{M}\p{N}]/u;
const LETTERS = /[\p{L}\p{M}\p{N}]/gu;

function besides(text: string, others: Options["others"]): string | undefined {
  if (others === "keep" || text === "") return text;
  if (others === "fail") return LETTER.test(text) ? undefined : text;
  return text.replace(LETTERS, "*");
}

function segmentsOf({ pattern, groups }: Options): readonly Segment[] {
  const known = readPattern(pattern).groups;
  const segments = Object.entries(groups).flatMap(([name, rule]): Segment[] => {
    const found = groupOf(known, name);
    return found === undefined ? [] : [{ group: found.number, rule }];
  });
  // In the order in which a text has them.
  return segments.sort((one, other) => one.group - other.group);
}

function groupOf(known: readonly PatternGroup[], name: string): PatternGroup | undefined {
  return known.find((group) => String(group.number) === name || group.name === name);
}

function groupProblems({ pattern, groups }: Options): readonly string[] {
  const known = readPattern(pattern).groups;
  const found = Object.keys(groups).map((name) => ({ name, group: groupOf(known, name) }));
  const numbers = found.map(({ group }) => group?.number);
  return found.flatMap(({ name, group }): string[] => {
    if (group === undefined) return [`segments has a rule for the group ${name}, and the pattern has none of that name`];
    if (group.isRepeated) return [`the group ${name} repeats, and only its last part could be masked`];
    if (numbers.filter((number) => number === group.number).length > 1) return [`the group ${name} has two rules`];
    const outer = group.within.filter((number) => numbers.includes(number));
    return outer.length > 0 ? [`the group ${name} stands in the group ${outer[0]}, which has a rule too`] : [];
  });
}
