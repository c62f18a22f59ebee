import type { ColumnContext, ColumnValues, MaskedValues } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { canonicalOf } from "../../keys/canonical.ts";
import { createColumnPrf } from "../../keys/column-prf.ts";
import { createPrng, type Prng } from "../../keys/prng.ts";
import { tableName } from "../../table-ref.ts";
import { compose } from "./fake-compose.ts";
import { createCorpus } from "./fake-corpus.ts";
import { seedSample } from "./fake-draw.ts";
import { fakerCall, genericFake } from "./fake-generic.ts";
import { drawByLength } from "./fake-length.ts";
import { loadLocale } from "./fake-locales.ts";
import { asciiNames } from "./fake-mailbox.ts";
import { composedProduct, isIdentifier, type Options } from "./fake-options.ts";
import type { Fake } from "./fake-products.ts";
import { keyedTail } from "./fake-tail.ts";

/** Draws looked at before the first row: what cannot stand in the column is refused then, not at row 5,000. */
const SAMPLES = 100;

/** Below this many different samples, a value that came out as it was stays: redrawing a yes or no would tell it. */
const DISTINCT_ENOUGH = SAMPLES / 2;

/** A composed fake has thousands of outputs, so a few draws always find another one; the bound is for columns of two characters. */
const REDRAWS = 100;

const UNIQUE_HINT = "Use tokenize, or encryptDigits for numbers.";

/** Prepares the mask of one locale. */
export async function prepareIn(options: Options, context: ColumnContext): Promise<(values: ColumnValues) => MaskedValues> {
  const random = createPrng();
  const fake = await build(options, context, random);
  const hasTail = options.unique && !isIdentifier(options);
  const samples = drawSamples(options, context, fake, random, hasTail);
  const hasChoice = composedProduct(options) !== undefined || samples.size >= DISTINCT_ENOUGH;
  const draws = hasChoice ? REDRAWS : 1;
  const prf = createColumnPrf(context.deriveKey("fake"));
  const canonical = canonicalOf(context.column) ?? ((value: string) => value);
  if (options.keepLengthClass && !hasChoice)
    throw refusal(context, `fake("${options.path}") gives too few different texts to choose one by its length`);
  const byLength = options.keepLengthClass ? drawByLength(fake, random, canonical) : null;

  return (values) => {
    const originals = values.map((value) => (value === null ? "" : canonical(value)));
    const words = prf.words(originals);
    return values.map((value, index) => {
      if (value === null || originals[index] === "") return value;
      const at = index * 4;
      const third = words[at + 2]!;
      const fourth = words[at + 3]!;
      random.seed(words[at]!, words[at + 1]!, third, fourth);
      if (byLength !== null) return byLength(originals[index]!);
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
    seedSample(random, seed);
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

/** What cannot be done in a column, with its place. */
export function refusal({ table, column }: ColumnContext, problem: string, hint?: string): StandinError {
  const place = { table: tableName(table), column: column.name };
  return new StandinError("OPTION_INVALID", `${place.table}.${place.column}: ${problem}.`, { ...place, hint });
}
