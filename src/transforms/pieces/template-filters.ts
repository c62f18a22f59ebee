/** Makes one text out of another. NULL comes as null; undefined where it cannot. */
export type Filter = (text: string | null) => string | null | undefined;

const onText =
  (change: (text: string) => string | undefined): Filter =>
  (text) =>
    text === null ? null : change(text);

type MakeFilter = (argument: string | undefined, second: string | undefined) => Filter | null;

const plain =
  (change: (text: string) => string | undefined): MakeFilter =>
  (argument) =>
    argument === undefined ? onText(change) : null;

/** With a count of characters, which are code points. */
const counted =
  (change: (characters: readonly string[], count: number) => readonly string[]): MakeFilter =>
  (count, second) =>
    isCount(count) && second === undefined ? onText((text) => change([...text], Number(count)).join("")) : null;

const FILTERS: Readonly<Record<string, MakeFilter>> = {
  lower: plain((text) => text.toLowerCase()),
  upper: plain((text) => text.toUpperCase()),
  trim: plain((text) => text.trim()),
  ascii: plain(asciiOf),
  slug: plain((text) =>
    asciiOf(text)
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, ""),
  ),
  first: counted((characters, count) => characters.slice(0, count)),
  last: counted((characters, count) => (count === 0 ? [] : characters.slice(-count))),
  pad: (count, fill = "0") =>
    isCount(count) && [...fill].length === 1
      ? onText((text) => fill.repeat(Math.max(0, Number(count) - [...text].length)) + text)
      : null,
  default: (text, second) => (text === undefined || second !== undefined ? null : (given) => given ?? text),
  year: plain((text) => datePart(text, 1)),
  month: plain((text) => datePart(text, 2)),
  day: plain((text) => datePart(text, 3)),
};

/** The names of the filters, in the order of the alphabet. */
export function canonicalFilterNames(): readonly string[] {
  return Object.keys(FILTERS).sort();
}

/** Reads `first 3` or `pad 5 "0"`, or says what is wrong. */
export function filterOf(call: string): Filter | string {
  const [name = "", ...given] = call.match(/"[^"]*"|[^\s"]+/g) ?? [];
  if (!Object.hasOwn(FILTERS, name)) return `has a filter that there is not`;
  const [argument, second, ...more] = given.map((one) => (one.startsWith('"') ? one.slice(1, -1) : one));
  const filter = more.length === 0 ? FILTERS[name]!(argument, second) : null;
  return filter ?? `gives ${name} what it does not take`;
}

const isCount = (text: string | undefined): text is string => text !== undefined && /^\d{1,4}$/.test(text);

/** Letters that no mark can be taken off. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  ẞ: "SS",
  æ: "ae",
  Æ: "AE",
  œ: "oe",
  Œ: "OE",
  ø: "o",
  Ø: "O",
  đ: "d",
  Đ: "D",
  ł: "l",
  Ł: "L",
  ı: "i",
  þ: "th",
  Þ: "Th",
  ð: "d",
  Ð: "D",
};

/** Marks go, letters of other scripts too. */
function asciiOf(text: string): string {
  return text.normalize("NFD").replace(/[^\0-\x7f]/gu, (letter) => LETTERS[letter] ?? "");
}

function datePart(text: string, part: number): string | undefined {
  return /^(\d{4,})-(\d\d)-(\d\d)/.exec(text)?.[part];
}
