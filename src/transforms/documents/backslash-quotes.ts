const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether PostgreSQL skips it around the parts of an array or an hstore: a space of Unicode is a letter there. */
export function isSpace(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d);
}

export function skipSpace(text: string, from: number): number {
  let at = from;
  while (isSpace(text.charCodeAt(at))) at++;
  return at;
}

/** Behind the quote that closes the one at `from`, -1 where there is none. A backslash takes what follows as it is. */
export function endOfQuotes(text: string, from: number): number {
  for (let at = from + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return at + 1;
    if (code === BACKSLASH) at++;
  }
  return -1;
}

/** What stands from here to there, in quotes or not, says. */
export function unquoted(text: string, from: number, to: number): string {
  const within = text.charCodeAt(from) === QUOTE ? text.slice(from + 1, to - 1) : text.slice(from, to);
  return within.includes("\\") ? within.replaceAll(/\\(.)/gs, "$1") : within;
}

export function quoted(text: string): string {
  return text.includes('"') || text.includes("\\") ? `"${text.replaceAll(/["\\]/g, "\\$&")}"` : `"${text}"`;
}
