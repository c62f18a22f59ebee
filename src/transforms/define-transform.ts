import type {
  Column,
  ColumnContext,
  ColumnKind,
  ColumnValues,
  FixedPoints,
  Guarantees,
  MaskColumn,
  Rule,
  RuleOptions,
  Technique,
  Transform,
} from "../contracts.ts";
import { StandinError } from "../errors.ts";
import { isRule, rulesInOptions } from "../inner-rules.ts";
import { choice, type OptionsInput, type OptionsSpec, type OptionsValue, parseOptions, text } from "../option-spec.ts";

/** A value stays as it is: what most transforms say of the empty string. */
export const EMPTY_STAYS: FixedPoints = {
  description: "an empty string",
  isFixed: (value, _, column) => isEmptyCell(value, column?.isPadded ?? false),
};

/** Whether a cell holds the empty string, which a padded column (`char(n)`) writes as spaces. */
export function isEmptyCell(value: string, isPadded: boolean): boolean {
  return value === "" || (isPadded && value.charCodeAt(0) === SPACE && value.trimEnd() === "");
}

const SPACE = 0x20;

/** The same value gives the same again, two values may meet, and one may stay what it is: what generalizing and drawing promise. */
export const LOSSY: Guarantees = {
  deterministic: true,
  uniqueness: { kind: "lossy" },
  reversible: false,
  preservesLength: false,
  changesInput: "not-promised",
};

/** Every kind, for transforms that do not look into the value. */
export const ALL_KINDS: readonly ColumnKind[] = [
  "text",
  "integer",
  "decimal",
  "float",
  "boolean",
  "date",
  "time",
  "timestamp",
  "interval",
  "uuid",
  "json",
  "xml",
  "bytes",
  "enum",
  "array",
  "network",
  "other",
];

/** What every rule may say, whatever its transform. */
export const COMMON_OPTIONS = {
  domain: text({
    describe: "Name of the identity space: columns of one domain map equal values to equal values.",
    optional: true,
    minLength: 1,
  }),
  onUnsupported: choice({
    describe: "What happens to a value that the transform cannot handle.",
    choices: ["fail", "nullify", "redact"],
    default: "fail",
  }),
} satisfies OptionsSpec;

type Common = OptionsInput<typeof COMMON_OPTIONS>;

/** What a caller of a transform may write: its own options and those that every rule has. */
export type RuleInput<Spec extends OptionsSpec> = OneObject<OptionsInput<Spec> & Common>;

/** An intersection with an empty object takes text and lists without a word; one object of optional members takes neither. */
type OneObject<Parts> = { readonly [Name in keyof Parts]: Parts[Name] };

/** The option that a value alone stands for, as far as it can be told from an object of options. */
type ShortValue<Value> = Value extends string | number | bigint | boolean | Rule | readonly unknown[] ? Value : never;

/** An object that may be left out where nothing in it must be there. */
type Given<Options> = Partial<Options> extends Options ? [options?: Options] : [options: Options];

type ShortForm<Value, Rest> = [Value] extends [never] ? unknown : (value: Value, ...options: Given<Rest>) => Rule;

/**
 * A transform as the policy calls it, with its description for planner, tests and docs: `redact({ keepLast: 4 })`, or by the value of the option that has a
 * shorthand and then the others, `encryptId("iban", { keep: true })`.
 */
export type TransformFunction<Spec extends OptionsSpec, Short extends keyof Spec & string = never> = ShortForm<
  ShortValue<OptionsValue<Spec>[Short]>,
  Omit<RuleInput<Spec>, Short>
> & {
  (...options: Given<RuleInput<Spec>>): Rule;
  readonly transform: Transform;
};

/**
 * What `defineTransform` makes a transform of: its name, its promises, its options, and how it is made ready for a
 * column.
 */
export interface TransformDefinition<Spec extends OptionsSpec, Short extends keyof Spec & string = never> {
  readonly name: string;
  readonly technique: Technique;
  readonly accepts: readonly ColumnKind[];
  readonly guarantees: Guarantees | ((options: OptionsValue<Spec>, column: Column) => Guarantees);
  readonly options: Spec;
  /** The option that a value alone stands for: `{ roundNumber: 10 }` in YAML, `roundNumber(10)` in code. */
  readonly shorthand?: Short;
  /** In words, for the docs. @default it handles every value of these kinds */
  readonly unsupported?: string;
  /** @default nothing is fixed */
  readonly fixedPoints?: FixedPoints;
  /** @default false */
  readonly isKeyed?: boolean;
  /** @default false */
  readonly usesFaker?: boolean;
  /** @default true */
  readonly protects?: boolean;
  /** @default false: NULL stays NULL */
  readonly seesNull?: boolean;
  /** @default the transform's name */
  defaultDomain?(options: OptionsValue<Spec>): string;
  maxOutputLength?(options: OptionsValue<Spec>, column: Column): number | null;
  /** @default null: it depends on the value */
  onlyOutput?(options: OptionsValue<Spec>, column: Column): string | null;
  smallDomain?(options: OptionsValue<Spec>, column: Column): number | null;
  windowRows?(options: OptionsValue<Spec>): number;
  /** @default 1: what one row has it can handle */
  readonly fewestRows?: number;
  /** Beside those of the rules in its options. */
  reads?(options: OptionsValue<Spec>): readonly string[];
  /** Beside those of the rules in its options. */
  readsMasked?(options: OptionsValue<Spec>): readonly string[];
  /** Beside those of the rules in its options. @default none: originals of other columns cannot be read off what it gives */
  copiesOriginals?(options: OptionsValue<Spec>): readonly string[];
  /** @default undefined: it does not only choose between rules in its options */
  alternatives?(options: OptionsValue<Spec>): readonly Rule[] | undefined;
  /** @default null: the rule decides, unless one in its options does not */
  openQuestion?(options: OptionsValue<Spec>): string | null;
  givesNull?(options: OptionsValue<Spec>): boolean;
  checkColumn?(options: OptionsValue<Spec>, column: Column): readonly string[];
  prepare(options: OptionsValue<Spec>, context: ColumnContext): MaskColumn | Promise<MaskColumn>;
  /** The way back: only for a transform that says it is reversible. */
  reveal?(options: OptionsValue<Spec>, context: ColumnContext): MaskColumn | Promise<MaskColumn>;
}

/**
 * Makes a transform from one description: types, defaults, validation, promises and docs are read off it.
 *
 * `prepare` runs once per column; the mask that it returns runs per batch and must be fast.
 */
export function defineTransform<const Spec extends OptionsSpec, const Short extends keyof Spec & string = never>(
  definition: TransformDefinition<Spec, Short>,
): TransformFunction<Spec, Short> {
  const { guarantees } = definition;
  const inner = (options: OptionsValue<Spec>) => rulesInOptions(definition.options, options);
  const transform: Transform = {
    name: definition.name,
    technique: definition.technique,
    accepts: definition.accepts,
    unsupported: definition.unsupported ?? null,
    fixedPoints: definition.fixedPoints ?? null,
    seesNull: definition.seesNull ?? false,
    isKeyed: definition.isKeyed ?? false,
    usesFaker: definition.usesFaker ?? false,
    protects: definition.protects ?? true,
    options: definition.options,
    shorthand: definition.shorthand ?? null,
    guarantees: (options, column) => (typeof guarantees === "function" ? guarantees(options, column) : guarantees),
    defaultDomain: (options) => definition.defaultDomain?.(options) ?? definition.name,
    maxOutputLength: (options, column) => definition.maxOutputLength?.(options, column) ?? null,
    onlyOutput: (options, column) => definition.onlyOutput?.(options, column) ?? null,
    smallDomain: (options, column) => definition.smallDomain?.(options, column) ?? null,
    windowRows: (options) => definition.windowRows?.(options) ?? 1,
    fewestRows: definition.fewestRows ?? 1,
    reads: (options) => [
      ...(definition.reads?.(options) ?? []),
      ...inner(options).flatMap((rule) => rule.transform.reads(rule.options)),
    ],
    readsMasked: (options) => [
      ...(definition.readsMasked?.(options) ?? []),
      ...inner(options).flatMap((rule) => rule.transform.readsMasked?.(rule.options) ?? []),
    ],
    copiesOriginals: (options) => [
      ...(definition.copiesOriginals?.(options) ?? []),
      ...inner(options).flatMap((rule) => rule.transform.copiesOriginals?.(rule.options) ?? []),
    ],
    innerRules: inner,
    alternatives: (options) => definition.alternatives?.(options),
    openQuestion: (options) =>
      definition.openQuestion?.(options) ??
      inner(options)
        .map((rule) => rule.transform.openQuestion(rule.options))
        .find((question) => question !== null) ??
      null,
    givesNull: (options) => definition.givesNull?.(options) ?? false,
    checkColumn: (options, column) => definition.checkColumn?.(options, column) ?? [],
    prepare: (options, context) => definition.prepare(options, context),
    ...(definition.reveal !== undefined && { reveal: definition.reveal.bind(definition) }),
  };
  const create = (...input: readonly unknown[]): Rule => {
    checkCall(transform, input);
    return createRule(transform, optionsOfCall(transform, input));
  };
  return Object.assign(create, { transform }) as TransformFunction<Spec, Short>;
}

/** The options that a call means: `encryptId("iban", { keep: true })` is `{ scheme: "iban", keep: true }`. What is no such call is left to whoever checks options. */
export function optionsOfCall({ shorthand }: Pick<Transform, "shorthand">, [first, second]: readonly unknown[]): unknown {
  if (first === undefined) return second;
  if (shorthand !== null && !isOptions(first)) return { ...Object(second), [shorthand]: first };
  return second === undefined ? first : { ...Object(first), ...Object(second) };
}

/** Refuses what `optionsOfCall` would pass over. The types do as well, but nobody has them look at a policy before it runs. */
function checkCall({ name, shorthand }: Transform, [first, second, third]: readonly unknown[]): void {
  const isShort = first !== undefined && shorthand !== null && !isOptions(first);
  const problem =
    third !== undefined
      ? "it takes a value and options, and no third"
      : second !== undefined && !isOptions(second)
        ? "options must be an object"
        : isShort && Object.hasOwn(Object(second), shorthand)
          ? `"${shorthand}" is said twice`
          : null;
  if (problem !== null) throw new StandinError("OPTION_INVALID", `${name}: ${problem}.`);
}

function isOptions(value: unknown): boolean {
  return !isRule(value) && isPlainObject(value);
}

/** Whether a value may be options: no list, and nothing that a class made. */
function isPlainObject(value: unknown): value is object {
  if (typeof value !== "object" || value === null) return false;
  const made: unknown = Object.getPrototypeOf(value);
  return made === null || Object.getPrototypeOf(made) === null;
}

/** Makes a rule from options as a policy wrote them. Throws OPTION_INVALID with everything that is wrong with them. */
export function createRule(transform: Transform, input: unknown = {}): Rule {
  const { domain, onUnsupported, ...options } = parseOptions(
    transform.name,
    { ...transform.options, ...COMMON_OPTIONS },
    input,
  ) as OptionsValue<typeof COMMON_OPTIONS> & RuleOptions;
  return { transform, options, domain: domain ?? null, onUnsupported };
}

/** Makes a column mask from a function of one value. It gives undefined for a value that it cannot handle. */
export function eachValue(mask: (value: string) => string | undefined): MaskColumn {
  return (values: ColumnValues) => {
    const masked = new Array<string | null | undefined>(values.length);
    for (let index = 0; index < values.length; index++) {
      const value = values[index]!;
      masked[index] = value === null ? null : mask(value);
    }
    return masked;
  };
}
