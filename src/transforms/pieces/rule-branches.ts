import type { Condition } from "../../conditions/condition.ts";
import { OWN_VALUE, otherColumnsOf, rowVerdict } from "../../conditions/row-condition.ts";
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
import { innerColumnProblems, innerGuarantees, ruleData } from "../../inner-rules.ts";
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
    options: definition.options,
    guarantees: (options, column) => promisesOf(branchesOf(options), column),
    fixedPoints,
    defaultDomain: (options) => {
      const domains = rulesOf(options)
        .filter(({ transform }) => transform.technique !== "none")
        .map(({ transform, options }) => transform.defaultDomain(options));
      return [...new Set(domains)].join(" or ") || definition.name;
    },
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

/** Which rule a value gets, where the value alone says it. */
function isFixed(branches: RuleBranches, value: string, column: Column | undefined): boolean {
  const { met, unmet } = branches;
  const chosen = column === undefined ? null : byValueAlone(branches, value, column);
  if (chosen === undefined) return false;
  return (chosen === null ? [met, unmet] : [chosen]).every(
    ({ transform, options }) =>
      transform.technique === "none" || (transform.fixedPoints?.isFixed(value, options, column) ?? false),
  );
}

/** Null where the rest of the row has a say, undefined where nobody can tell. */
function byValueAlone({ condition, met, unmet }: RuleBranches, value: string, column: Column): Rule | null | undefined {
  if (typeof condition === "function" || otherColumnsOf(condition).length > 0) return null;
  const verdict = rowVerdict(condition, column, [])({ [OWN_VALUE]: value });
  return verdict === undefined ? undefined : verdict === true ? met : unmet;
}

function promisesOf({ condition, met, unmet }: RuleBranches, column: Column): Guarantees {
  const [one, other] = [innerGuarantees(met, column), innerGuarantees(unmet, column)];
  const isByValue = typeof condition !== "function" && otherColumnsOf(condition).length === 0;
  // What a rule leaves is a fixed point where the value alone decides; by the row, nobody can tell which rule left it.
  const canTell = isByValue || isSameRule(met, unmet) || [met, unmet].every(({ transform }) => transform.fixedPoints === null);
  const changes = [met, unmet]
    .filter(({ transform }) => transform.technique !== "none")
    .map(({ transform, options }) => transform.guarantees(options, column).changesInput);
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
  const lengths = rules.map(({ transform, options }) => transform.maxOutputLength(options, column));
  if (lengths.every((length) => length === null)) return null;
  if (lengths.includes(null) && column.maxLength === null) return null;
  return Math.max(...lengths.map((length) => length ?? column.maxLength!));
}

async function prepareBranches(branches: RuleBranches, context: ColumnContext): Promise<MaskColumn> {
  const { condition, met, unmet } = branches;
  const names = typeof condition === "function" ? (branches.reads ?? []) : otherColumnsOf(condition);
  const others = names.map((name) => ({ name, ...context.other(name) }));
  const verdict =
    typeof condition === "function"
      ? null
      : rowVerdict(
          condition,
          context.column,
          others.map(({ column }) => column),
        );
  const [maskMet, maskUnmet] = [await context.inner(met), await context.inner(unmet)];
  return async (values, batch) => {
    const columns = others.map(({ name, index }) => ({ name, values: batch.column(index) }));
    // A function may keep the row that it is given; a condition does not.
    let cells: Record<string, string | null> = Object.create(null);
    const isMet: (boolean | undefined)[] = values.map((value, row) => {
      if (value === null) return undefined;
      if (verdict === null) cells = Object.create(null);
      for (const { name, values } of columns) cells[name] = values[row]!;
      if (verdict === null) return truthOf((condition as RowPredicate)(cells, value));
      cells[OWN_VALUE] = value;
      const truth = verdict(cells);
      return truth === undefined ? undefined : truth === true;
    });
    const masked = new Array<string | null | undefined>(values.length);
    for (const [row, value] of values.entries()) if (value === null) masked[row] = null;
    await maskRows(true, maskMet);
    await maskRows(false, maskUnmet);
    return masked;

    async function maskRows(which: boolean, mask: typeof maskMet): Promise<void> {
      const rows = [...isMet.keys()].filter((row) => isMet[row] === which);
      if (rows.length === 0) return;
      const parts = await mask(pick(values, rows), batch, rows);
      for (const [index, row] of rows.entries()) masked[row] = parts[index];
    }
  };
}

const pick = (values: ColumnValues, rows: readonly number[]): ColumnValues => rows.map((row) => values[row]!);

/** A promise would count as true. */
function truthOf(answer: unknown): boolean {
  if (answer === true || answer === false) return answer;
  if (answer === null || answer === undefined) return false;
  throw new TypeError("A condition gave something other than true or false.");
}
