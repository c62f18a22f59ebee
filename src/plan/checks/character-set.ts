/** Sets of one byte a character, by MySQL's names, as the Encoding Standard calls them. MySQL's latin1 is windows-1252. */
const SINGLE_BYTE: Readonly<Record<string, string>> = {
  latin1: "windows-1252",
  latin2: "iso-8859-2",
  latin7: "iso-8859-13",
  greek: "iso-8859-7",
  hebrew: "iso-8859-8",
  cp1250: "windows-1250",
  cp1251: "windows-1251",
  cp1256: "windows-1256",
  cp1257: "windows-1257",
  koi8r: "koi8-r",
  koi8u: "koi8-u",
  cp866: "ibm866",
};

/** Node's decoder takes windows-1252 for ISO 8859-1 in some versions, which leaves these out. */
const OF_LATIN1 = "€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ";

/** Sets without the characters beyond the first 65,536, emoji among them. */
const BASIC_PLANE = ["utf8", "utf8mb3", "ucs2"];

/** Whether a character set holds each character of a text. Undefined for a set that is not known here. */
export function holdsText(text: string, charset: string): boolean | undefined {
  if (charset === "ascii") return /^[\0-\x7f]*$/.test(text);
  if (BASIC_PLANE.includes(charset)) return !/[\u{10000}-\u{10ffff}]/u.test(text);
  const characters = charactersOf(charset);
  return characters === null ? undefined : [...text].every((character) => characters.has(character));
}

/** Whether a text has more than so many characters (code points). Most answers need no count. */
export function isLonger(text: string, count: number): boolean {
  if (text.length <= count) return false;
  return text.length > 2 * count || [...text].length > count;
}

/** Bytes that a text takes in a character set. */
export function bytesIn(text: string, charset: string | undefined): number {
  if (charset === "ucs2") return text.length * 2;
  const isSingleByte = charset === "ascii" || (charset !== undefined && Object.hasOwn(SINGLE_BYTE, charset));
  return isSingleByte ? [...text].length : Buffer.byteLength(text);
}

function charactersOf(charset: string): ReadonlySet<string> | null {
  if (!Object.hasOwn(SINGLE_BYTE, charset)) return null;
  const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
  const decoded = new TextDecoder(SINGLE_BYTE[charset]).decode(bytes).replaceAll("\ufffd", "");
  return new Set(charset === "latin1" ? decoded + OF_LATIN1 : decoded);
}
