/** An address as words of 32 bits, most significant first: one for IPv4, four for IPv6. */
export interface IpText {
  readonly size: 1 | 4;
  readonly words: readonly number[];
  /** IPv4 inside of IPv6, `::ffff:192.0.2.1`: `words` is the IPv4 address. */
  readonly isMapped: boolean;
  /** Length of the network's prefix, null where the text names none. */
  readonly prefix: number | null;
  /** As the text writes it: `/24`, or nothing. */
  readonly suffix: string;
  /** The zone of a link-local address, `%eth0`, or nothing. */
  readonly zone: string;
  readonly isUpper: boolean;
  /** All eight groups with four digits each, where that is more than are needed. */
  readonly isFull: boolean;
}

const MAPPED = /^((?:0{1,4}:){0,5}|::(?:0{1,4}:){0,4})ffff:$/i;

/** Reads an address in any spelling of RFC 4291 §2.2, with PostgreSQL's prefix length. null for anything else: `010.0.0.1` is octal to some and decimal to others. */
export function parseIp(text: string): IpText | null {
  const word = readV4(text);
  if (word >= 0)
    return { size: 1, words: [word], isMapped: false, prefix: null, suffix: "", zone: "", isUpper: false, isFull: false };
  let end = text.length;
  const slash = text.indexOf("/");
  let suffix = "";
  if (slash >= 0) {
    suffix = text.slice(slash);
    if (!/^\/(0|[1-9]\d{0,2})$/.test(suffix)) return null;
    end = slash;
  }
  const zoneAt = text.indexOf("%");
  let zone = "";
  if (zoneAt >= 0 && zoneAt < end) {
    zone = text.slice(zoneAt, end);
    if (zone.length < 2) return null;
    end = zoneAt;
  }
  const address = text.slice(0, end);
  const found = address.includes(":") ? parseV6(address) : parseV4(address);
  if (found === null || (zone !== "" && found.size === 1)) return null;
  const prefix = suffix === "" ? null : Number(suffix.slice(1));
  if (prefix !== null && prefix > (found.isMapped ? 128 : found.size * 32)) return null;
  if (found.isMapped && prefix !== null && prefix < 96) return null;
  const { size, words, isMapped, isUpper, isFull } = found;
  return { size, words, isMapped, prefix: isMapped && prefix !== null ? prefix - 96 : prefix, suffix, zone, isUpper, isFull };
}

type Address = Omit<IpText, "prefix" | "suffix" | "zone">;

function parseV4(text: string): Address | null {
  const word = readV4(text);
  return word < 0 ? null : { size: 1, words: [word], isMapped: false, isUpper: false, isFull: false };
}

/** Four numbers below 256 without needless zeros, as one; -1 for anything else. Read without a regular expression: nearly all addresses are these. */
function readV4(text: string): number {
  let word = 0;
  let part = -1;
  let parts = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === DOT) {
      if (part < 0 || ++parts > 3) return -1;
      word = word * 256 + part;
      part = -1;
    } else {
      const digit = code - ZERO;
      if (digit < 0 || digit > 9 || part === 0) return -1;
      part = part < 0 ? digit : part * 10 + digit;
      if (part > 255) return -1;
    }
  }
  return parts === 3 && part >= 0 ? word * 256 + part : -1;
}

const DOT = 0x2e;
const ZERO = 0x30;
const COLON = 0x3a;

function parseV6(text: string): Address | null {
  const isUpper = /[A-F]/.test(text);
  const lastColon = text.lastIndexOf(":");
  let groupsText = text;
  let tail: number | null = null;
  if (text.includes(".")) {
    const v4 = parseV4(text.slice(lastColon + 1));
    if (v4 === null) return null;
    const before = text.slice(0, lastColon + 1);
    if (MAPPED.test(before)) return mappedAddress(before) ? { ...v4, isMapped: true, isUpper } : null;
    tail = v4.words[0]!;
    groupsText = `${before}${(tail >>> 16).toString(16)}:${(tail & 0xffff).toString(16)}`;
  }
  const groups = groupsOf(groupsText);
  if (groups === null) return null;
  const words = [0, 2, 4, 6].map((at) => groups[at]! * 65_536 + groups[at + 1]!);
  if (words[0] === 0 && words[1] === 0 && words[2] === 0xffff)
    return { size: 1, words: [words[3]!], isMapped: true, isUpper, isFull: false };
  return { size: 4, words, isMapped: false, isUpper, isFull: text.length === 39 && tail === null && /(^|:)0/.test(text) };
}

/** Whether what stands before the four numbers is zeros and `ffff` in the right places. */
function mappedAddress(before: string): boolean {
  return groupsOf(`${before}0:0`) !== null;
}

/** The eight groups of four digits, zeros where `::` stands. */
function groupsOf(text: string): number[] | null {
  const groups: number[] = [];
  let gap = -1;
  let digits = 0;
  let group = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === COLON) {
      if (digits > 0) {
        groups.push(group);
        group = 0;
        digits = 0;
        if (text.charCodeAt(index + 1) !== COLON) {
          if (index + 1 === text.length) return null;
          continue;
        }
        index++;
      } else if (index > 0 || text.charCodeAt(++index) !== COLON) return null;
      if (gap >= 0) return null;
      gap = groups.length;
    } else {
      const digit = hexDigit(code);
      if (digit < 0 || ++digits > 4) return null;
      group = group * 16 + digit;
    }
  }
  if (digits > 0) groups.push(group);
  if (gap < 0) return groups.length === 8 ? groups : null;
  if (groups.length > 7) return null;
  const all = new Array<number>(8).fill(0);
  for (let index = 0; index < gap; index++) all[index] = groups[index]!;
  for (let index = gap; index < groups.length; index++) all[8 - groups.length + index] = groups[index]!;
  return all;
}

function hexDigit(code: number): number {
  if (code >= 0x30 && code <= 0x39) return code - 0x30;
  const letter = code | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}

export function writeV4(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/** Writes an address as RFC 5952 recommends, or with all its digits. */
export function writeV6(words: ArrayLike<number>, isFull = false): string {
  const groups: number[] = [];
  for (let index = 0; index < 4; index++) groups.push(words[index]! >>> 16, words[index]! & 0xffff);
  if (isFull) return groups.map((group) => group.toString(16).padStart(4, "0")).join(":");
  // The first longest run of two zeros or more.
  let best = 8;
  let bestLength = 1;
  for (let start = 0; start < 8; start++) {
    let length = 0;
    while (start + length < 8 && groups[start + length] === 0) length++;
    if (length > bestLength) {
      best = start;
      bestLength = length;
    }
    start += length;
  }
  let text = "";
  for (let index = 0; index < 8; index++) {
    if (index === best) {
      text += "::";
      index += bestLength - 1;
    } else {
      if (index > 0 && index !== best + bestLength) text += ":";
      text += groups[index]!.toString(16);
    }
  }
  return text;
}

/** Writes an address in the spelling that another text has: its suffix, zone, case, and all digits where it has them. */
export function writeIp(like: IpText, words: ArrayLike<number>): string {
  const address = like.isMapped
    ? `::ffff:${writeV4(words[0]!)}`
    : like.size === 1
      ? writeV4(words[0]!)
      : writeV6(words, like.isFull);
  return (like.isUpper ? address.toUpperCase() : address) + like.zone + like.suffix;
}
