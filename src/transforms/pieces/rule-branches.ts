import type { Condition } from "../../conditions/condition.ts";
import { otherColumnsOf, rowVerdict } from "../../conditions/row-condition.ts";
import type {
  Column,
  ColumnContext,
  ColumnValues,
  FixedPoints,
  Guarantees,
  MaskColumn,
  Rule,
  Technique,
} from "../../contracts.ts";
import { innerColumnProblems, innerGuarantees, innerMaxLength, ruleData } from "../../inner-rules.ts";
import type { OptionsSpec, OptionsValue } from "../../option-spec.ts";
import { ALL_KINDS, defineTransform, type TransformDefinition, type TransformFunction } from "../define-transform.ts";

/** A function of a row: true takes the one rule, false, null and undefined the other. */
export type RowPredicate = (row: { readonly [column: string]: string | null }, value: string) => boolean | null | undefined;

/** Two rules, and what says for each row which of them masks it. NULL of a condition takes the second. */
export interface RuleBranches {
  readonly condition: Condition | RowPredicate;
  /** The columns that a function of the row looks at. */
  readonly reads?: readonly string[] | undefined;
  readonly met: Rule;
  readonly unmet: Rule;
}

interface BranchDefinition<Spec extends OptionsSpec> extends Pick<TransformDefinition<Spec>, "name" | "options"> {
  readonly technique: Technique;
  /** In words, for the docs. */
  readonly fixed: string;
  branches(options: OptionsValue<Spec>): RuleBranches;
  /** What is wrong with options that do not go together. @default nothing */
  check?(options: OptionsValue<Spec>): readonly string[];
}

/** Makes a transform that chooses between two rules row by row. */
export function defineBranches<const Spec extends OptionsSpec>(definition: BranchDefinition<Spec>): TransformFunction<Spec> {
  const known = new WeakMap<object, RuleBranches>();
  const branchesOf = (options: OptionsValue<Spec>): RuleBranches => {
    const branches = known.get(options) ?? definition.branches(options);
    known.set(options, branches);
    return branches;
  };
  const rulesOf = (options: OptionsValue<Spec>) => {
    const { met, unmet } = branchesOf(options);
    return [met, unmet] as const;
  };
  const fixedPoints: FixedPoints = {
    description: definition.fixed,
    isFixed: (value, options, column) => isFixed(branchesOf(options), value, column),
  };
  return defineTransform<Spec>({
    name: definition.name,
    technique: definition.technique,
    accepts: ALL_KINDS,
    unsupported:
      "what the rule that it gets cannot handle, and a row of which the condition cannot tell (a number beside abc, a text so long that a pattern could take more than a moment)",
    options: definition.options,
    guarantees: (options, column) => promisesOf(branchesOf(options), column),
    fixedPoints,
    defaultDomain: (options) => {
      const domains = rulesOf(options)
        .filter(({ transform }) => transform.technique !== "none")
        .map(({ transform, options }) => transform.defaultDomain(options));
      return [...new Set(domains)].join(" or ") || definition.name;
    },
    alternatives: rulesOf,
    reads: (options) => {
      const { condition, reads } = branchesOf(options);
      return typeof condition === "function" ? (reads ?? []) : otherColumnsOf(condition);
    },
    givesNull: (options) =>
      rulesOf(options).some(
        ({ transform, options, onUnsupported }) => transform.givesNull(options) || onUnsupported === "nullify",
      ),
    maxOutputLength: (options, column) => longestOf(rulesOf(options), column),
    smallDomain: (options, column) => {
      const sizes = rulesOf(options)
        .map(({ transform, options }) => transform.smallDomain(options, column))
        .filter((size) => size !== null);
      return sizes.length === 0 ? null : Math.min(...sizes);
    },
    checkColumn: (options, column) => [
      ...(definition.check?.(options) ?? []),
      ...rulesOf(options).flatMap((rule) => innerColumnProblems(rule, column)),
    ],
    prepare: (options, context) => prepareBranches(branchesOf(options), context),
  });
}

/** Whether the rule that a value gets leaves it. By the rest of the row nobody can tell, not even whether the condition can: it may be one that fits no value. */
function isFixed(branches: RuleBranches, value: string, column: Column | undefined): boolean {
  return rulesFor(branches, value, column).some(
    ({ transform, options }) =>
      transform.technique === "none" || (transform.fixedPoints?.isFixed(value, options, column) ?? false),
  );
}

/** The rule that a value gets, where the value alone says it. */
function rulesFor({ condition, met, unmet }: RuleBranches, value: string, column: Column | undefined): readonly Rule[] {
  if (column === undefined || !isByValue(condition)) return [];
  const verdict = rowVerdict(condition, column, [])([value]);
  return verdict === undefined ? [] : [verdict === true ? met : unmet];
}

function isByValue(condition: RuleBranches["condition"]): condition is Condition {
  return typeof condition !== "function" && otherColumnsOf(condition).length === 0;
}

function promisesOf({ condition, met, unmet }: RuleBranches, column: Column): Guarantees {
  const [one, other] = [innerGuarantees(met, column), innerGuarantees(unmet, column)];
  // What a rule leaves is a fixed point where the value alone decides; by the row, nobody can tell which rule left it.
  const canTell =
    isByValue(condition) ||
    [met, unmet].every(({ transform }) => transform.technique !== "none" && transform.fixedPoints === null);
  const changes = [met, unmet]
    .filter(({ transform }) => transform.technique !== "none")
    .map((rule) => innerGuarantees(rule, column).changesInput);
  return {
    deterministic: one.deterministic && other.deterministic && typeof condition !== "function",
    uniqueness: unionOf(met, unmet, one, other),
    reversible: false,
    preservesLength: one.preservesLength && other.preservesLength,
    changesInput: (canTell ? CHANGES.find((change) => changes.includes(change)) : undefined) ?? "not-promised",
  };
}

/** The weakest first. */
const CHANGES = ["not-promised", "almost-always", "always"] as const;

/**
 * What two mappings side by side keep apart. One that is spread over keyed bits meets whatever the other gives with the odds of those bits; two bijections may
 * meet anywhere, unless they are one and the same.
 */
function unionOf(met: Rule, unmet: Rule, one: Guarantees, other: Guarantees): Guarantees["uniqueness"] {
  const [first, second] = [one.uniqueness, other.uniqueness];
  if (first.kind === "lossy" || second.kind === "lossy") return { kind: "lossy" };
  if (first.kind === "preserved" && second.kind === "preserved") return isSameRule(met, unmet) ? first : { kind: "lossy" };
  const spread = [first, second].filter((one) => one.kind === "unlikely-lost");
  const ignoring = spread.map(({ bits, bitsIgnoringCase }) => bitsIgnoringCase ?? bits);
  const hasCase = [first, second].some((one) => one.kind === "preserved" && one.ignoringCase !== undefined);
  return {
    kind: "unlikely-lost",
    bits: Math.min(...spread.map(({ bits }) => bits)),
    bitsIgnoringCase: hasCase ? 0 : Math.min(...ignoring),
  };
}

function isSameRule(one: Rule, other: Rule): boolean {
  return one.transform === other.transform && JSON.stringify(ruleData(one)) === JSON.stringify(ruleData(other));
}

/** One that says nothing gives as much as the column holds at most. */
function longestOf(rules: readonly Rule[], column: Column): number | null {
  const lengths = rules.map((rule) => innerMaxLength(rule, column));
  if (lengths.every((length) => length === null)) return null;
  if (lengths.includes(null) && column.maxLength === null) return null;
  return Math.max(...lengths.map((length) => length ?? column.maxLength!));
}

async function prepareBranches(branches: RuleBranches, context: ColumnContext): Promise<MaskColumn> {
  const { met, unmet } = branches;
  const { indexes, choose } = chooserOf(branches, context);
  const masks = [await context.inner(met), await context.inner(unmet)] as const;
  return async (values, batch) => {
    const chosen = choose(
      values,
      indexes.map((index) => batch.column(index)),
    );
    const masked = new Array<string | null | undefined>(values.length);
    for (const [which, mask] of masks.entries()) {
      const { rows, texts } = chosen[which]!;
      if (rows.length === 0) continue;
      if (rows.length === values.length) return mask(values, batch);
      const parts = await mask(texts, batch, rows);
      for (let index = 0; index < rows.length; index++) masked[rows[index]!] = parts[index];
    }
    for (let row = 0; row < values.length; row++) if (values[row] === null) masked[row] = null;
    return masked;
  };
}

/** The rows that a rule masks, with their values. */
interface Chosen {
  readonly rows: number[];
  readonly texts: string[];
}

interface Chooser {
  /** The columns that it looks at. */
  readonly indexes: readonly number[];
  /** The rows of the one rule, and those of the other: none that is NULL, or of which nobody can tell. */
  choose(values: ColumnValues, columns: readonly ColumnValues[]): readonly [Chosen, Chosen];
}

function chooserOf({ condition, reads = [] }: RuleBranches, { column, other }: ColumnContext): Chooser {
  const names = typeof condition === "function" ? reads : otherColumnsOf(condition);
  const others = names.map(other);
  const isMet =
    typeof condition === "function"
      ? predicateOf(condition, names)
      : rowVerdict(
          condition,
          column,
          others.map((one) => one.column),
        );
  return {
    indexes: others.map(({ index }) => index),
    choose(values, columns) {
      const [met, unmet]: [Chosen, Chosen] = [
        { rows: [], texts: [] },
        { rows: [], texts: [] },
      ];
      const cells = new Array<string | null>(columns.length + 1);
      for (let row = 0; row < values.length; row++) {
        const value = values[row]!;
        if (value === null) continue;
        cells[0] = value;
        for (let index = 0; index < columns.length; index++) cells[index + 1] = columns[index]![row]!;
        const verdict = isMet(cells);
        if (verdict === undefined) continue;
        const { rows, texts } = verdict === true ? met : unmet;
        rows.push(row);
        texts.push(value);
      }
      return [met, unmet];
    },
  };
}

/** A function may keep the row that it is given, so each gets one of its own. */
function predicateOf(predicate: RowPredicate, names: readonly string[]): (cells: readonly (string | null)[]) => boolean {
  return (cells) => {
    const row: Record<string, string | null> = Object.create(null);
    for (const [index, name] of names.entries()) row[name] = cells[index + 1]!;
    return truthOf(predicate(row, cells[0]!));
  };
}

/** A promise would count as true. */
function truthOf(answer: unknown): boolean {
  if (answer === true || answer === false) return answer;
  if (answer === null || answer === undefined) return false;
  throw new TypeError("A condition gave something other than true or false.");
}
