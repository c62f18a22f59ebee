import { type Prng, scale32 } from "../../keys/prng.ts";
import { seedSample } from "./fake-draw.ts";
import type { Fake } from "./fake-products.ts";

/** The most characters of each class of lengths; what is longer is of one class more. */
const LONGEST = [3, 5, 8, 12, 20] as const;
const LAST_CLASS = LONGEST.length;

/** Draws by a value's own bits: most classes that a fake has at all come up in fewer, and in all their variety. */
const DRAWS = 16;

/** Draws that are sorted by class, for the values whose own draws missed theirs. */
const SAMPLES = 8_192;

/** The class of lengths that a text is of, 0 for the shortest. */
export function lengthClass(text: string): number {
  if (text.length > 2 * LONGEST[LAST_CLASS - 1]!) return LAST_CLASS;
  const length = SURROGATE.test(text) ? [...text].length : text.length;
  const found = LONGEST.findIndex((longest) => length <= longest);
  return found < 0 ? LAST_CLASS : found;
}

const SURROGATE = /[\ud800-\udbff]/;

/**
 * Draws a stand-in of the length class of the value, and never the value itself: by the bits that `random` is seeded with, else from a sample of what
 * the fake gives. Of the nearest class where the sample holds none, the shorter of two.
 */
export function drawByLength(
  fake: Fake,
  random: Prng,
  canonical: (text: string) => string,
): (original: string) => string | undefined {
  let sample: readonly (readonly string[])[] | null = null;
  return (original) => {
    const wanted = lengthClass(original);
    for (let draw = 0; draw < DRAWS; draw++) {
      const text = fake(random, "");
      if (text !== undefined && lengthClass(text) === wanted && canonical(text) !== original) return text;
    }
    // Before the sample is drawn, which seeds the same generator: the choice must not hang on which value came first.
    const word = random.nextUint32();
    sample ??= sampleByLength(fake, random);
    for (const candidates of nearestFirst(sample, wanted)) {
      const place = scale32(word, candidates.length);
      const text = candidates[place]!;
      if (canonical(text) !== original) return text;
      if (candidates.length > 1) return candidates[(place + 1) % candidates.length];
    }
    return undefined;
  };
}

/** What a fake gives, once each, by length class. */
function sampleByLength(fake: Fake, random: Prng): readonly (readonly string[])[] {
  const classes = Array.from({ length: LAST_CLASS + 1 }, () => new Set<string>());
  for (let number = 1; number <= SAMPLES; number++) {
    seedSample(random, number);
    const text = fake(random, "");
    if (text !== undefined) classes[lengthClass(text)]!.add(text);
  }
  return classes.map((texts) => [...texts]);
}

/** The classes that are not empty, by their distance from one. */
function nearestFirst(classes: readonly (readonly string[])[], wanted: number): readonly (readonly string[])[] {
  return [...classes.keys()]
    .sort((one, other) => Math.abs(one - wanted) - Math.abs(other - wanted) || one - other)
    .map((index) => classes[index]!)
    .filter(({ length }) => length > 0);
}
