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

/** How a filter is called, what it does, and how it is made. */
interface FilterForm {
  readonly call: string;
  readonly describe: string;
  readonly make: MakeFilter;
}

const FILTERS: Readonly<Record<string, FilterForm>> = {
  lower: { call: "lower", describe: "Small letters.", make: plain((text) => text.toLowerCase()) },
  upper: { call: "upper", describe: "Capital letters.", make: plain((text) => text.toUpperCase()) },
  trim: { call: "trim", describe: "Without white space at both ends.", make: plain((text) => text.trim()) },
  ascii: {
    call: "ascii",
    describe: "Letters without marks (`é` is `e`, `ß` is `ss`); what is still beyond ASCII goes.",
    make: plain(asciiOf),
  },
  slug: {
    call: "slug",
    describe: "The same in small letters and digits, with a hyphen in the place of all else.",
    make: plain((text) =>
      asciiOf(text)
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, "-")
        .replace(/^-|-$/g, ""),
    ),
  },
  first: {
    call: "first 3",
    describe: "So many characters from the start.",
    make: counted((characters, count) => characters.slice(0, count)),
  },
  last: {
    call: "last 4",
    describe: "So many characters from the end.",
    make: counted((characters, count) => (count === 0 ? [] : characters.slice(-count))),
  },
  pad: {
    call: 'pad 5 "0"',
    describe: "As long as that, filled up on the left by a character, `0` where none is given.",
    make: (count, fill = "0") =>
      isCount(count) && [...fill].length === 1
        ? onText((text) => fill.repeat(Math.max(0, Number(count) - [...text].length)) + text)
        : null,
  },
  default: {
    call: 'default "n/a"',
    describe: "What stands in the place of NULL.",
    make: (text, second) => (text === undefined || second !== undefined ? null : (given) => given ?? text),
  },
  year: { call: "year", describe: "The year of a date in ISO's form.", make: plain((text) => datePart(text, 1)) },
  month: { call: "month", describe: "Its month, as two digits.", make: plain((text) => datePart(text, 2)) },
  day: { call: "day", describe: "Its day, as two digits.", make: plain((text) => datePart(text, 3)) },
};

/** The filters as the docs tell of them. */
export function filterForms(): readonly Pick<FilterForm, "call" | "describe">[] {
  return Object.values(FILTERS);
}

/** The names of the filters, in the order of the alphabet. */
export function canonicalFilterNames(): readonly string[] {
  return Object.keys(FILTERS).sort();
}

/** Reads `first 3` or `pad 5 "0"`, or says what is wrong. */
export function filterOf(call: string): Filter | string {
  const [name = "", ...given] = call.match(/"[^"]*"|[^\s"]+/g) ?? [];
  if (!Object.hasOwn(FILTERS, name))
    return `has ${name === "" ? "a | without a filter" : `the filter ${name}, which there is not`}; there are: ${canonicalFilterNames().join(", ")}`;
  const [argument, second, ...more] = given.map((one) => (one.startsWith('"') ? one.slice(1, -1) : one));
  const filter = more.length === 0 ? FILTERS[name]!.make(argument, second) : null;
  return filter ?? `has the filter ${name} in a form that it does not take: write it as in ${FILTERS[name]!.call}`;
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
