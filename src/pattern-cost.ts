import { classEnd, escapeLength, quantifierAt } from "./pattern-form.ts";

/** Steps that matching one value may take: a fraction of a second. */
const MOST_STEPS = 1e8;

/**
 * Longest text, in code units, that a regular expression can be asked about in good time. Repetitions that may share a text out among them in many ways
 * (`.*a.*a.*b`) take, where nothing matches, as many steps as its length to the power of their number, and no expression of them is refused for that.
 */
export function longestText(source: string): number {
  const sharing = repetitionsThatShare(source);
  const power = sharing + (sharing === 0 || source.startsWith("^") ? 0 : 1);
  let ways = MOST_STEPS;
  // So many places among n can be chosen in n to the power of their number ways, but for their order.
  for (let place = 2; place <= power; place++) ways *= place;
  return power <= 1 ? Number.POSITIVE_INFINITY : Math.floor(ways ** (1 / power));
}

/** A piece that is repeated without end. */
interface Repetition {
  readonly piece: string;
  /** What follows may take a part of what it takes. */
  isShared: boolean;
}

/** The ways into a group, and out of those of its alternatives that were read. */
interface Group {
  readonly before: readonly Repetition[];
  readonly after: Repetition[];
}

/** Repetitions without end of which what follows may take a part; and one that comes after such and shares nothing. */
function repetitionsThatShare(source: string): number {
  const all: Repetition[] = [];
  const groups: Group[] = [];
  /** What the next piece may follow at once. */
  let open: readonly Repetition[] = [];
  const follow = (piece: string, min: number, max: number) => {
    for (const one of open) one.isShared ||= mayMeet(one.piece, piece);
    const kept = min === 0 ? open : [];
    if (max < Number.POSITIVE_INFINITY) open = kept;
    else {
      const repetition = { piece, isShared: false };
      all.push(repetition);
      open = [...kept, repetition];
    }
  };
  for (let at = 0; at < source.length; ) {
    const sign = source[at]!;
    if (sign === "(") {
      groups.push({ before: open, after: [] });
      at += /^\((?:\?(?:[:=!]|<[=!]|<[^>]*>|[a-z-]*:))?/.exec(source.slice(at))![0].length;
    } else if (sign === "|") {
      const group = groups.at(-1);
      group?.after.push(...open);
      open = group?.before ?? [];
      at++;
    } else if (sign === ")") {
      const { before, after } = groups.pop()!;
      const { min, max, length } = quantifierAt(source, at + 1) ?? { min: 1, max: 1, length: 0 };
      open = [...open, ...after, ...(min === 0 ? before : [])];
      if (max === Number.POSITIVE_INFINITY) follow(ANYTHING, min, max);
      at += 1 + length;
    } else if (sign === "^" || sign === "$") at++;
    else {
      const end = sign === "\\" ? at + escapeLength(source, at) : sign === "[" ? classEnd(source, at) : at + 1;
      const { min, max, length } = quantifierAt(source, end) ?? { min: 1, max: 1, length: 0 };
      follow(source.slice(at, end), min, max);
      at = end + length;
    }
  }
  const shared = all.filter(({ isShared }) => isShared).length;
  const isFollowed = all.slice(all.findIndex(({ isShared }) => isShared)).some(({ isShared }) => !isShared);
  return Math.min(all.length, Math.max(1, shared + (shared > 0 && isFollowed ? 1 : 0)));
}

const ANYTHING = "[\\s\\S]";

/** What characters of every kind stand for. */
const CHARACTERS = [...Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code)), "я", "李", "٣", "🙂"];

/** Whether a character may be one of both. Edges (`\b`) hold none. */
function mayMeet(one: string, other: string): boolean {
  try {
    const [first, second] = [one, other].map((piece) => new RegExp(`^(?:${piece})$`, "u"));
    return CHARACTERS.some((character) => first!.test(character) && second!.test(character));
  } catch {
    // SQL has escapes that the flag u has not.
    return true;
  }
}
