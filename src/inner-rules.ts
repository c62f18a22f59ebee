import type { Column, Guarantees, Rule, RuleOptions } from "./contracts.ts";
import type { OptionSpec, OptionsSpec } from "./option-spec.ts";

interface RuleOptionSettings {
  readonly describe: string;
  /** What is wrong with a rule in this place, beside that it is none. @default nothing */
  problem?(rule: Rule): string | null;
}

/** A rule in a rule's options. */
export function ruleOption(spec: RuleOptionSettings & { readonly optional: true }): OptionSpec<Rule | undefined, true>;
export function ruleOption(spec: RuleOptionSettings): OptionSpec<Rule, false>;
export function ruleOption(spec: RuleOptionSettings & { readonly optional?: true }): OptionSpec<Rule | undefined> {
  return {
    kind: "rule",
    describe: spec.describe,
    isOptional: spec.optional === true,
    default: undefined,
    problem: (value) => ruleProblem(value, spec),
  };
}

/** A list of rules, at least one. */
export function ruleList(spec: RuleOptionSettings): OptionSpec<readonly Rule[], false> {
  return {
    kind: "rules",
    describe: spec.describe,
    isOptional: false,
    default: undefined,
    problem: (value) => {
      if (!Array.isArray(value) || value.length === 0) return "must be a list of rules, at least one";
      return firstProblem(
        value.map((one, index) => [`rule ${index + 1}`, one]),
        spec,
      );
    },
  };
}

/** Rules by name: by path, by field, by group. */
export function ruleMap(
  spec: RuleOptionSettings & {
    /** What is wrong with a name, null where nothing is. @default nothing */
    nameProblem?(name: string): string | null;
  },
): OptionSpec<{ readonly [name: string]: Rule }, false> {
  return {
    kind: "rule map",
    describe: spec.describe,
    isOptional: false,
    default: undefined,
    problem: (value) => {
      if (typeof value !== "object" || value === null || Array.isArray(value) || isRule(value) || Object.keys(value).length === 0)
        return "must have at least one name with a rule";
      for (const name of Object.keys(value)) {
        const problem = spec.nameProblem?.(name) ?? null;
        if (problem !== null) return `has ${JSON.stringify(name)}, which ${problem}`;
      }
      return firstProblem(
        Object.entries(value).map(([name, one]) => [JSON.stringify(name), one]),
        spec,
      );
    },
  };
}

function firstProblem(named: readonly (readonly [string, unknown])[], spec: RuleOptionSettings): string | null {
  for (const [name, value] of named) {
    const problem = ruleProblem(value, spec);
    if (problem !== null) return `${problem} (${name})`;
  }
  return null;
}

function ruleProblem(value: unknown, spec: RuleOptionSettings): string | null {
  if (!isRule(value)) return "must be a rule";
  return spec.problem?.(value) ?? null;
}

/** Why a rule cannot mask parts of a value: it must see whole rows together, or decides about NULL itself. */
export function refuseWindows({ transform, options }: Rule): string | null {
  return transform.windowRows(options) > 1 || transform.seesNull
    ? `may not be ${transform.name}, which masks a column as a whole`
    : null;
}

/** Whether a value is a rule that code made. */
export function isRule(value: unknown): value is Rule {
  if (typeof value !== "object" || value === null || !("transform" in value)) return false;
  const { transform } = value;
  return typeof transform === "object" && transform !== null && "prepare" in transform && typeof transform.prepare === "function";
}

/** The rules that stand in options, in their order. */
export function rulesInOptions(spec: OptionsSpec, options: RuleOptions): readonly Rule[] {
  return Object.entries(spec).flatMap(([name, { kind }]): Rule[] => {
    const value = options[name];
    if (value === undefined) return [];
    if (kind === "rule") return [value];
    if (kind === "rules") return value;
    return kind === "rule map" ? Object.values(value) : [];
  });
}

/** A rule and all that stand in it, however deep. */
export function everyRule(rule: Rule): readonly Rule[] {
  return [rule, ...(rule.transform.innerRules?.(rule.options) ?? []).flatMap(everyRule)];
}

/** What may become of a value: the rule, or where it only chooses between rules, what may become of it by each of them. */
export function outcomesOf(rule: Rule): readonly Rule[] {
  const alternatives = rule.transform.alternatives?.(rule.options);
  return alternatives === undefined ? [rule] : alternatives.flatMap(outcomesOf);
}

/** Whether a rule, or one that stands in it, needs the key. */
export function needsKey(rule: Rule): boolean {
  return everyRule(rule).some(({ transform }) => transform.isKeyed);
}

/** What a rule that stands in another one's options promises there: values that it cannot handle are among those that it masks. */
export function innerGuarantees({ transform, options, onUnsupported }: Rule, column: Column): Guarantees {
  const promised = transform.guarantees(options, column);
  if (onUnsupported === "fail") return promised;
  // Stars that it cannot handle are redacted to the same stars.
  const changesInput = onUnsupported === "redact" ? "not-promised" : promised.changesInput;
  return { ...promised, uniqueness: { kind: "lossy" }, reversible: false, changesInput };
}

/** The longest that a rule gives which stands in another one's options: what it redacts is as long as the column holds at most. Null as of a transform. */
export function innerMaxLength({ transform, options, onUnsupported }: Rule, column: Column): number | null {
  const longest = transform.maxOutputLength(options, column);
  if (longest === null || onUnsupported !== "redact") return longest;
  return column.maxLength === null ? null : Math.max(longest, column.maxLength);
}

/** Why a rule that stands in another one's options cannot mask a column of this shape. Empty where it can. */
export function innerColumnProblems({ transform, options, onUnsupported }: Rule, column: Column): readonly string[] {
  if (!transform.accepts.includes(column.kind)) return [`${transform.name} cannot mask a column of type ${column.type}`];
  if (onUnsupported === "redact" && column.kind !== "text")
    return [`${transform.name} with onUnsupported: redact needs a column of text, and this one is of type ${column.type}`];
  return transform.checkColumn(options, column);
}

/** A rule as a policy of data writes it, for locks, fingerprints and prints: `{ fake: { path: "internet.email" } }`. */
export function ruleData({ transform, options, domain, onUnsupported }: Rule): { readonly [name: string]: unknown } {
  return {
    [transform.name]: options,
    ...(domain !== null && { domain }),
    ...(onUnsupported !== "fail" && { onUnsupported }),
  };
}
