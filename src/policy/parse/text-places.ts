import type { Place } from "../../errors.ts";

/** Tells line and column of an offset in a text, both from 1; the file alone where there is no offset. */
export type PlaceAt = (offset: number | undefined) => Place;

/** Finds the places in a file's text. */
export function placesIn(file: string, text: string): PlaceAt {
  const starts = [0, ...Array.from(text.matchAll(/\n/g), ({ index }) => index + 1)];
  return (offset) => {
    if (offset === undefined) return { file };
    // The last line that starts at or before it.
    let [low, high] = [0, starts.length];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (starts[middle]! <= offset) low = middle;
      else high = middle;
    }
    return { file, line: low + 1, columnNumber: offset - starts[low]! + 1 };
  };
}

/** Finds fields by name in what a parser gives in a row. Of a name that stands twice the last is the one that counts. */
export function byName<Entry>(entries: () => Iterable<readonly [string, Entry]>): (name: string) => Entry | undefined {
  let found: ReadonlyMap<string, Entry> | undefined;
  return (name) => {
    found ??= new Map(entries());
    return found.get(name);
  };
}
