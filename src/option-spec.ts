import { StandinError } from "./errors.ts";
import { isRule, ruleData } from "./inner-rules.ts";
import { counted } from "./written-numbers.ts";

/**
 * One option of a transform or a connector. Types, defaults, validation, JSON Schema and docs are read off this object.
 */
export interface OptionSpec<Value, IsOptional extends boolean = boolean> {
  readonly kind:
    | "integer"
    | "number"
    | "text"
    | "boolean"
    | "choice"
    | "list"
    | "function"
    | "rule"
    | "rules"
    | "rule map"
    | "file"
    | "any";
  /** One sentence for the docs. */
  readonly describe: string;
  readonly isOptional: IsOptional;
  readonly default: Value | undefined;
  readonly choices?: readonly string[];
  /** Texts that have a name, where others are taken too: editors complete them. */
  readonly suggestions?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  /** What is wrong with a given value, null where nothing is. Never quotes a value longer than a name. */
  problem(value: unknown): string | null;
}

export type OptionsSpec = { readonly [name: string]: OptionSpec<unknown> };

type Required<Spec extends OptionsSpec> = {
  [Name in keyof Spec]: Spec[Name] extends OptionSpec<unknown, false> ? Name : never;
}[keyof Spec];
type ValueOf<Spec> = Spec extends OptionSpec<infer Value> ? Value : never;

/** What the caller may write. */
export type OptionsInput<Spec extends OptionsSpec> = {
  readonly [Name in Required<Spec>]: ValueOf<Spec[Name]>;
} & { readonly [Name in Exclude<keyof Spec, Required<Spec>>]?: ValueOf<Spec[Name]> | undefined };

/** What the transform gets: defaults filled in. Optional ones without a default may be undefined. */
export type OptionsValue<Spec extends OptionsSpec> = { readonly [Name in keyof Spec]: ValueOf<Spec[Name]> };

interface Bounds {
  readonly describe: string;
  readonly min?: number;
  readonly max?: number;
}

const outOfBounds = (value: number, { min, max }: Bounds): string | null => {
  if (min !== undefined && value < min) return `must be at least ${min}`;
  if (max !== undefined && value > max) return `must be at most ${max}`;
  return null;
};

/** An option that is a whole number, within bounds where they are given. */
export function integer(spec: Bounds & { readonly default: number }): OptionSpec<number, true>;
export function integer(spec: Bounds & { readonly optional: true }): OptionSpec<number | undefined, true>;
export function integer(spec: Bounds): OptionSpec<number, false>;
export function integer(spec: Bounds & { readonly default?: number; readonly optional?: true }): OptionSpec<number | undefined> {
  return {
    kind: "integer",
    ...spec,
    isOptional: spec.optional === true || spec.default !== undefined,
    default: spec.default,
    problem: (value) => (Number.isSafeInteger(value) ? outOfBounds(value as number, spec) : "must be an integer"),
  };
}

/** An option that is a number, within bounds where they are given. */
export function number(spec: Bounds & { readonly default: number }): OptionSpec<number, true>;
export function number(spec: Bounds & { readonly optional: true }): OptionSpec<number | undefined, true>;
export function number(spec: Bounds): OptionSpec<number, false>;
export function number(spec: Bounds & { readonly default?: number; readonly optional?: true }): OptionSpec<number | undefined> {
  return {
    kind: "number",
    ...spec,
    isOptional: spec.optional === true || spec.default !== undefined,
    default: spec.default,
    problem: (value) => (typeof value === "number" && Number.isFinite(value) ? outOfBounds(value, spec) : "must be a number"),
  };
}

interface TextBounds {
  readonly describe: string;
  readonly minLength?: number;
}

/** An option that is a text, of a length and form where they are given. */
export function text(spec: TextBounds & { readonly default: string }): OptionSpec<string, true>;
export function text(spec: TextBounds & { readonly optional: true }): OptionSpec<string | undefined, true>;
export function text(spec: TextBounds): OptionSpec<string, false>;
export function text(spec: TextBounds & { readonly default?: string; readonly optional?: true }): OptionSpec<string | undefined> {
  const { minLength = 0 } = spec;
  return {
    kind: "text",
    describe: spec.describe,
    isOptional: spec.optional === true || spec.default !== undefined,
    default: spec.default,
    problem: (value) => {
      if (typeof value !== "string") return "must be text";
      return value.length < minLength ? `must have at least ${counted(minLength, "character")}` : null;
    },
  };
}

/** An option that is true or false. */
export function boolean(spec: { readonly describe: string; readonly default: boolean }): OptionSpec<boolean, true> {
  return {
    kind: "boolean",
    describe: spec.describe,
    isOptional: true,
    default: spec.default,
    problem: (value) => (typeof value === "boolean" ? null : "must be true or false"),
  };
}

/** An option that is one of a few words. */
export function choice<const Choice extends string>(spec: {
  readonly describe: string;
  readonly choices: readonly Choice[];
  readonly default: Choice;
}): OptionSpec<Choice, true> {
  return {
    kind: "choice",
    ...spec,
    isOptional: true,
    problem: (value) => (spec.choices.includes(value as Choice) ? null : `must be one of ${spec.choices.join(", ")}`),
  };
}

/** A function of the caller's: only a policy in TypeScript can hold one. */
export function callback<Fn>(spec: { readonly describe: string }): OptionSpec<Fn, false> {
  return {
    kind: "function",
    describe: spec.describe,
    isOptional: false,
    default: undefined,
    problem: (value) => (typeof value === "function" ? null : "must be a function"),
  };
}

/** Anything that JSON can say, checked by `problem`. */
export function json<Value>(spec: {
  readonly describe: string;
  readonly kind?: "list" | "any";
  readonly optional?: true;
  problem(value: unknown): string | null;
}): OptionSpec<Value, true> {
  return { kind: "any", default: undefined, isOptional: true, ...spec };
}

/** One mistake in options. */
export interface OptionProblem {
  /** The option, null where it is about all of them. */
  readonly option: string | null;
  readonly message: string;
}

/** Everything that is wrong with options, without a throw. */
export function checkOptions(spec: OptionsSpec, input: unknown): readonly OptionProblem[] {
  if (!isPlainObject(input)) return [{ option: null, message: "options must be an object" }];
  const problems: OptionProblem[] = [];
  for (const option of Object.keys(input)) {
    if (Object.hasOwn(spec, option)) continue;
    problems.push({
      option,
      message: `there is no option "${option}" (it has ${Object.keys(spec).join(", ") || "none"})`,
    });
  }
  for (const [option, { isOptional, problem }] of Object.entries(spec)) {
    const value = input[option];
    if (value === undefined && isOptional) continue;
    const message = value === undefined ? "is missing" : problem(value);
    if (message !== null) problems.push({ option, message: `"${option}" ${message}` });
  }
  return problems;
}

/** Fills defaults in and refuses what the spec does not know. All mistakes at once, in one OPTION_INVALID. */
export function parseOptions<Spec extends OptionsSpec>(owner: string, spec: Spec, input: unknown): OptionsValue<Spec> {
  const problems = checkOptions(spec, input).map(({ message }) => message);
  if (problems.length > 0)
    throw new StandinError("OPTION_INVALID", `${owner}: ${problems.join("; ").replace(/\??$/, (end) => end || ".")}`);
  const given = input as Record<string, unknown>;
  const values = Object.entries(spec).map(([name, option]) => [name, given[name] === undefined ? option.default : given[name]]);
  return Object.fromEntries(values) as OptionsValue<Spec>;
}

function isPlainObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** What JSON cannot say of an option's value, as text: to be handed to JSON.stringify. */
export function sayInJson(_: string, value: unknown): unknown {
  if (isRule(value)) return ruleData(value);
  return typeof value === "bigint" || value instanceof RegExp ? String(value) : value;
}
