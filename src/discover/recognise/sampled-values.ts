/** Longer values are looked at up to here. */
const MAX_CHARACTERS = 4_000;
/** A column shows what it holds in a few hundred values. */
const MAX_VALUES = 400;

/** The distinct values of a sample, trimmed and cut, spread over it; NULL, empty and "nothing" words left out. */
export function distinctValues(values: readonly (string | null)[]): readonly string[] {
  const found = new Set<string>();
  const step = Math.max(1, Math.floor(values.length / (MAX_VALUES * 5)));
  for (let index = 0; index < values.length && found.size < MAX_VALUES; index += step) {
    const value = values[index];
    if (value == null) continue;
    const text = value.slice(0, MAX_CHARACTERS).trim();
    if (text !== "" && !NOTHING.has(text.toLowerCase())) found.add(text);
  }
  return [...found];
}

const NOTHING = new Set(["null", "n/a", "na", "nan", "none", "-", "--", "?", "nil", "undefined", "\\n", "tbd"]);
