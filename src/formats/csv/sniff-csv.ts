const CANDIDATES = [",", ";", "\t", "|"] as const;

/** What a file's first line tells about its dialect. */
export interface SniffedDialect {
  readonly delimiter: string;
  readonly encoding: "utf-8" | "utf-16le" | "utf-16be";
}

/** Guesses the delimiter from the first line: the candidate that occurs most often outside of quotes, the comma where none does. */
export function sniffCsv(start: Uint8Array): SniffedDialect {
  const encoding =
    start[0] === 0xff && start[1] === 0xfe ? "utf-16le" : start[0] === 0xfe && start[1] === 0xff ? "utf-16be" : "utf-8";
  const line = firstLine(new TextDecoder(encoding).decode(start));
  let delimiter: string = CANDIDATES[0];
  let most = 0;
  for (const candidate of CANDIDATES) {
    const count = line.split(candidate).length - 1;
    if (count > most) [delimiter, most] = [candidate, count];
  }
  return { delimiter, encoding };
}

/** The first line with its quoted parts taken out. */
function firstLine(text: string): string {
  const unquoted = text.replace(/"(?:[^"]|"")*"/g, "");
  return unquoted.slice(0, unquoted.search(/[\r\n]|$/));
}
