import type { Column, ColumnContext, ColumnValues, MaskColumn, MaskedValues, Rule } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { canonicalOf } from "../../keys/canonical.ts";
import { createColumnPrf } from "../../keys/column-prf.ts";
import { createPrng, type Prng } from "../../keys/prng.ts";
import { boolean, json, type OptionSpec, type OptionsValue, sayInJson } from "../../option-spec.ts";
import { tableName } from "../../table-ref.ts";
import { ALL_KINDS, createRule, defineTransform, EMPTY_STAYS, type RuleInput } from "../define-transform.ts";
import { nearestNames } from "../nearest-name.ts";
import { compose } from "./fake-compose.ts";
import { createCorpus } from "./fake-corpus.ts";
import { fakerCall, genericFake } from "./fake-generic.ts";
import { FAKE_LOCALES, type FakeLocale, loadLocale } from "./fake-locales.ts";
import { asciiNames } from "./fake-mailbox.ts";
import { FAKE_PATHS, type FakeArguments, type FakePath } from "./fake-paths.ts";
import { type Fake, type Product, productOf } from "./fake-products.ts";
import { maskByScript } from "./fake-script.ts";
import { keyedTail, TAIL_BITS } from "./fake-tail.ts";

const OPTIONS = {
  path: oneNameOf<FakePath>("The method of faker, such as internet.email.", FAKE_PATHS),
  locale: { ...oneNameOf<FakeLocale>("The locale of faker.", FAKE_LOCALES), isOptional: true, default: "en" } as OptionSpec<
    FakeLocale,
    true
  >,
  arguments: json<readonly unknown[] | undefined>({
    describe: "What the method of faker is called with, as a list.",
    kind: "list",
    optional: true,
    problem: (value) => (Array.isArray(value) ? null : "must be a list of arguments"),
  }),
  unique: boolean({ describe: "Makes every output different by 64 keyed bits in it.", default: false }),
  keepScript: boolean({
    describe: "Draws from a locale of the script that the value is written in: Cyrillic for Cyrillic.",
    default: false,
  }),
} as const;

type Options = OptionsValue<typeof OPTIONS>;

/** Identifiers that carry more keyed bits than `unique` asks for, as they are. */
const IDENTIFIERS: readonly FakePath[] = ["string.uuid", "string.nanoid", "string.ulid"];

/** Draws looked at before the first row: what cannot stand in the column is refused then, not at row 5,000. */
const SAMPLES = 100;

/** Below this many different samples, a value that came out as it was stays: redrawing a yes or no would tell it. */
const DISTINCT_ENOUGH = SAMPLES / 2;

/** A composed fake has thousands of outputs, so a few draws always find another one; the bound is for columns of two characters. */
const REDRAWS = 100;

/** Odd constants that make the seeds of the samples as mixed as keyed words are. */
const SPREADING = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f] as const;

const UNIQUE_HINT = "Use tokenize, or encryptDigits for numbers.";

const definition = defineTransform({
  name: "fake",
  technique: "substitution",
  accepts: ALL_KINDS,
  guarantees: (options) => ({
    deterministic: true,
    uniqueness: options.unique || isIdentifier(options) ? { kind: "unlikely-lost", bits: TAIL_BITS } : { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: composedProduct(options) ? "always" : "not-promised",
  }),
  fixedPoints: EMPTY_STAYS,
  isKeyed: true,
  usesFaker: true,
  options: OPTIONS,
  shorthand: "path",
  defaultDomain: ({ path, locale, arguments: input, unique, keepScript }) =>
    [
      "fake",
      path,
      locale,
      ...(input?.length ? [JSON.stringify(input, writeOdd)] : []),
      ...(unique ? ["unique"] : []),
      ...(keepScript ? ["script"] : []),
    ].join(":"),
  maxOutputLength: (_, column) => column.maxLength,
  checkColumn,
  prepare,
});

/**
 * Puts a plausible stand-in in the place of a value, by any method of faker: `fake("internet.email")` makes `jane@acme.com` into
 * `mo.brandt@example.net`, the same one for the same value and key everywhere.
 *
 * Two values may get the same fake; `unique: true` adds 13 characters that keep them apart, where the form has room for them. Mail addresses end in
 * a domain of RFC 2606, so that nobody gets the mail. Phone numbers are of ranges kept for fiction in the USA, Canada, the UK, Australia, France and Germany;
 * elsewhere they may be somebody's. `keepScript` keeps Latin, Cyrillic, Greek, Hebrew, Arabic, Devanagari, Chinese, Japanese and Korean letters each among
 * themselves; what faker has no data for in a value's script is unsupported. "Past" and "recent" are relative to 2025-01-01. Outputs depend on the exact version of faker.
 * Hint: for card, account and identity numbers, use `encryptDigits`; for keys, `tokenize`.
 */
export const fake = Object.assign(
  <Path extends FakePath>(path: Path, options: FakeOptions<Path> = {}): Rule =>
    createRule(definition.transform, { path, ...options }),
  { transform: definition.transform },
);

/** What `fake` may be told beyond the path. */
export type FakeOptions<Path extends FakePath> = Omit<RuleInput<typeof OPTIONS>, "path" | "arguments"> & {
  /** What the method of faker is called with: `fake("number.int", { arguments: [{ min: 1, max: 9 }] })`. */
  readonly arguments?: FakeArguments<Path> | undefined;
};

async function prepare(options: Options, context: ColumnContext): Promise<MaskColumn> {
  const [problem] = checkColumn(options, context.column);
  if (problem !== undefined) throw refusal(context, problem);
  const usual = await prepareIn(options, context);
  if (!options.keepScript) return usual;
  return maskByScript(options.locale, usual, (locale) => prepareIn({ ...options, locale }, context));
}

/** Prepares the mask of one locale. */
async function prepareIn(options: Options, context: ColumnContext): Promise<(values: ColumnValues) => MaskedValues> {
  const random = createPrng();
  const fake = await build(options, context, random);
  const hasTail = options.unique && !isIdentifier(options);
  const samples = drawSamples(options, context, fake, random, hasTail);
  const draws = composedProduct(options) || samples.size >= DISTINCT_ENOUGH ? REDRAWS : 1;
  const prf = createColumnPrf(context.deriveKey("fake"));
  const canonical = canonicalOf(context.column) ?? ((value: string) => value);

  return (values) => {
    const originals = values.map((value) => (value === null ? "" : canonical(value)));
    const words = prf.words(originals);
    return values.map((value, index) => {
      if (value === null || originals[index] === "") return value;
      const at = index * 4;
      const third = words[at + 2]!;
      const fourth = words[at + 3]!;
      random.seed(words[at]!, words[at + 1]!, third, fourth);
      const tail = hasTail ? keyedTail(third, fourth) : "";
      let text = fake(random, tail);
      // A draw that is the original is drawn again, by the next bits of the same value's generator.
      for (let draw = 1; draw < draws && text !== undefined && canonical(text) === originals[index]; draw++)
        text = fake(random, tail);
      return text;
    });
  };
}

/** Composes the fake where it can be composed, and goes through faker where not. */
async function build(options: Options, context: ColumnContext, random: Prng): Promise<Fake> {
  const { column } = context;
  const { path, locale, arguments: input = [] } = options;
  const loaded = await loadLocale(locale);
  const corpus = createCorpus(loaded.definitions);
  const product = composedProduct(options);
  const composed = await product?.build({
    corpus,
    maxLength: column.maxLength ?? Number.POSITIVE_INFINITY,
    asciiNames: async () => asciiNames(corpus) ?? asciiNames(createCorpus((await loadLocale("en")).definitions))!,
  });
  if (composed) return column.kind === "json" ? (bits, tail) => JSON.stringify(composed(bits, tail)) : composed;
  const draw = input.length === 0 ? compose(corpus, path) : null;
  return genericFake(draw ?? tried(context, fakerCall({ ...loaded, path, arguments: input }, random)), column);
}

/** A call that worked once. Throws OPTION_INVALID where the arguments are not the method's, or the locale has no data for it. */
function tried(context: ColumnContext, call: () => unknown): () => unknown {
  try {
    call();
  } catch (error) {
    // No value of a row can be in the message: faker has seen none.
    throw refusal(context, (error as Error).message);
  }
  return call;
}

/** Tries the fake before the first row. Throws OPTION_INVALID where what it gives cannot stand in the column. */
function drawSamples({ path }: Options, context: ColumnContext, fake: Fake, random: Prng, hasTail: boolean): ReadonlySet<string> {
  const samples = new Set<string>();
  for (let seed = 1; seed <= SAMPLES; seed++) {
    random.seed(...(SPREADING.map((factor) => Math.imul(seed, factor)) as [number, number, number, number]));
    const text = fake(random, "");
    if (text === undefined)
      throw refusal(context, `fake("${path}") gives what a column of type ${context.column.type} cannot hold`);
    if (hasTail && fake(random, keyedTail(seed, seed)) === undefined)
      throw refusal(context, `fake("${path}") has no form that could be made unique`, UNIQUE_HINT);
    samples.add(text);
  }
  if (samples.size === 1) throw refusal(context, `fake("${path}") gives the same text for every value`, "Use constant.");
  return samples;
}

function checkColumn(options: Options, column: Column): readonly string[] {
  const { path, unique } = options;
  const product = composedProduct(options);
  if (product === undefined) return [];
  const problems: string[] = [];
  if (!["text", "json", "other"].includes(column.kind))
    problems.push(`fake("${path}") gives text, and the column is of type ${column.type}`);
  const shortest = unique ? product.shortestUnique : product.shortest;
  if (shortest === null)
    problems.push(`fake("${path}") has no form that could be made unique: use tokenize, or encryptDigits for numbers`);
  else if (column.maxLength !== null && column.maxLength < shortest)
    problems.push(
      `a ${unique ? "unique " : ""}fake("${path}") has at least ${shortest} characters, and the column holds ${column.maxLength}`,
    );
  return problems;
}

function composedProduct({ path, arguments: input = [] }: Options): Product | undefined {
  return input.length === 0 ? productOf(path) : undefined;
}

function isIdentifier({ path, arguments: input = [] }: Options): boolean {
  return input.length === 0 && IDENTIFIERS.includes(path);
}

function refusal({ table, column }: ColumnContext, problem: string, hint?: string): StandinError {
  const place = { table: tableName(table), column: column.name };
  return new StandinError("OPTION_INVALID", `${place.table}.${place.column}: ${problem}.`, { ...place, hint });
}

/** An option that names one of many things, and whose refusal names the nearest. */
function oneNameOf<Name extends string>(describe: string, choices: readonly Name[]): OptionSpec<Name, false> {
  return {
    kind: "choice",
    describe,
    choices,
    isOptional: false,
    default: undefined,
    problem: (value) => {
      if (typeof value !== "string") return "must be text";
      return choices.includes(value as Name)
        ? null
        : `is none of faker's: did you mean ${nearestNames(value, choices).join(", ")}?`;
    },
  };
}

/** For the name of a domain. */
function writeOdd(name: string, value: unknown): unknown {
  return typeof value === "function" ? String(value) : sayInJson(name, value);
}
