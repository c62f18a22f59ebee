import type { Faker, LocaleDefinition } from "@faker-js/faker";
import type { Column } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import type { Prng } from "../../keys/prng.ts";
import { cellWriter } from "./fake-cell.ts";
import type { FakePath } from "./fake-paths.ts";
import type { Fake } from "./fake-products.ts";
import { TAIL_LENGTH } from "./fake-tail.ts";
import { cutText, isLonger } from "./fake-text.ts";

/** What "past", "recent" and "birthdate" are relative to: with today, the same value would be masked otherwise tomorrow. */
const REFERENCE_DATE = "2025-01-01T00:00:00.000Z";

/** Tries to draw a text that fits a short column. */
const FITTING_TRIES = 8;

/** Words, which may be cut to fit and may be followed by more; addresses, URLs, identifiers and numbers may not. */
const WORDS = /^\p{L}[\p{L}\p{M}\p{N}'’&()-]*([.,:;!?]?\s[\p{L}\p{M}\p{N}'’&()-]+)*[.!?]?$/u;

/** Makes a fake of anything that gives values: made to fit by drawing again, then, words alone, by cutting. Words are made unique by a tail. */
export function genericFake(call: (random: Prng) => unknown, column: Column): Fake {
  const write = cellWriter(column);
  const maxLength = column.maxLength ?? Number.POSITIVE_INFINITY;
  return (random, tail) => {
    let text = write(call(random));
    if (tail !== "") return withTail(text, tail, maxLength);
    for (let tries = 1; tries < FITTING_TRIES && text !== undefined && isLonger(text, maxLength); tries++) {
      text = write(call(random));
    }
    if (text === undefined || !isLonger(text, maxLength)) return text;
    return column.kind === "text" && WORDS.test(text) ? cutText(text, maxLength) : undefined;
  };
}

function withTail(text: string | undefined, tail: string, maxLength: number): string | undefined {
  if (text === undefined || !WORDS.test(text) || maxLength < TAIL_LENGTH) return undefined;
  const words = cutText(text, maxLength - TAIL_LENGTH - 1);
  return words === "" ? tail : `${words} ${tail}`;
}

export interface FakerCall {
  readonly Faker: typeof Faker;
  readonly definitions: LocaleDefinition;
  readonly path: FakePath;
  readonly arguments: readonly unknown[];
}

/** A method of faker that takes its randomness from `random`, which the caller seeds for each value. */
export function fakerCall({ Faker, definitions, path, arguments: input }: FakerCall, random: Prng): () => unknown {
  // Faker calls `next` without its object, and asks for numbers up to 2^53. Seeding faker's own generator would cost 26 µs a value.
  const next = () => ((random.nextUint32() >>> 5) * 2 ** 26 + (random.nextUint32() >>> 6)) / 2 ** 53;
  const faker = new Faker({ locale: definitions, randomizer: { next, seed: () => {} } });
  faker.setDefaultRefDate(REFERENCE_DATE);
  const [moduleName, method] = path.split(".") as [string, string];
  const module = (faker as unknown as Record<string, Record<string, (...input: unknown[]) => unknown>>)[moduleName]!;
  const frozen = input.map(frozenCopy);
  return () => {
    try {
      return module[method]!(...frozen);
    } catch (error) {
      throw new StandinError("TRANSFORM_FAILED", failureOf(path, error));
    }
  };
}

/** Faker explains itself in the first line of an error of its own; the engine's errors come of arguments of a wrong shape. */
function failureOf(path: FakePath, error: unknown): string {
  const isOwn = error instanceof Error && error.name === "Error";
  return isOwn
    ? `faker's ${path} says: ${error.message.split("\n")[0]!.replace(/\.$/, "")}`
    : `faker's ${path} cannot be called with these arguments`;
}

/** Arguments that nobody can change between two values: `helpers.shuffle(list, { inplace: true })` would. */
function frozenCopy(value: unknown): unknown {
  if (Array.isArray(value)) return Object.freeze(value.map(frozenCopy));
  if (typeof value !== "object" || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.freeze(Object.fromEntries(Object.entries(value).map(([name, item]) => [name, frozenCopy(item)])));
}
