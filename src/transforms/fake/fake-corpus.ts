import type { LocaleDefinition } from "@faker-js/faker";

export interface WeightedPattern {
  readonly value: string;
  readonly weight: number;
}

/** The lists and patterns of one of faker's locales, reached by path: `person.first_name.female`. */
export interface Corpus {
  /** Plain words, null where the locale has none or something else than a list of words. */
  list(path: string): readonly string[] | null;
  /** Patterns with their weights, null where the locale has none. */
  patterns(path: string): readonly WeightedPattern[] | null;
}

export function createCorpus(definitions: LocaleDefinition): Corpus {
  const entry = (path: string): unknown =>
    path.split(".").reduce<unknown>((value, name) => (isRecord(value) ? value[name] : undefined), definitions);
  return {
    list(path) {
      const value = entry(path);
      return Array.isArray(value) && value.length > 0 && value.every(isPlainWord) ? value : null;
    },
    patterns(path) {
      const value = entry(path);
      const entries: unknown[] = Array.isArray(value) ? value : [value];
      const patterns = entries.map((item) => (typeof item === "string" ? { value: item, weight: 1 } : item));
      return patterns.length > 0 && patterns.every(isWeighted) ? patterns : null;
    },
  };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function isPlainWord(value: unknown): value is string {
  return typeof value === "string" && !value.includes("{{");
}

function isWeighted(value: unknown): value is WeightedPattern {
  return isRecord(value) && typeof value.value === "string" && typeof value.weight === "number";
}
