import { parseIp } from "./ip-text.ts";

interface Range {
  readonly words: readonly number[];
  readonly prefix: number;
  /** Its addresses mean the same everywhere, and stay. */
  readonly isFixed: boolean;
}

const range = (text: string, isFixed = false): Range => {
  const { words, prefix } = parseIp(text)!;
  return { words, prefix: prefix!, isFixed };
};

/** Ranges that software treats otherwise than the rest (IANA's special-purpose registries): private, shared, link-local; loopback, multicast and reserved stay. */
const SPECIAL_V4 = [
  range("0.0.0.0/8", true),
  range("10.0.0.0/8"),
  range("100.64.0.0/10"),
  range("127.0.0.0/8", true),
  range("169.254.0.0/16"),
  range("172.16.0.0/12"),
  range("192.168.0.0/16"),
  range("224.0.0.0/3", true),
];

/** And 2000::/3, outside of which nothing is routed. */
const SPECIAL_V6 = [range("::/127", true), range("2000::/3"), range("fc00::/7"), range("fe80::/10"), range("ff00::/8", true)];

/**
 * How many leading bits of an address stay so that every special range stays what it is: those on its way to each of them. Keeping exactly these keeps
 * the mapping one to one and all prefixes shared (as netconan does for its preserved prefixes), at the price that a neighbour of a range shows where it is.
 */
export function specialBits(words: ArrayLike<number>, at: number, size: 1 | 4): number {
  let kept = 0;
  for (const special of size === 1 ? SPECIAL_V4 : SPECIAL_V6) {
    const common = commonBits(words, at, special.words);
    if (common >= special.prefix) {
      if (special.isFixed) return size * 32;
      if (special.prefix > kept) kept = special.prefix;
    } else if (common + 1 > kept) kept = common + 1;
  }
  return kept;
}

function commonBits(words: ArrayLike<number>, at: number, other: readonly number[]): number {
  for (let index = 0; index < other.length; index++) {
    const difference = words[at + index]! ^ other[index]!;
    if (difference !== 0) return index * 32 + Math.clz32(difference);
  }
  return other.length * 32;
}
