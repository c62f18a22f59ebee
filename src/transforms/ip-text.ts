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

const V4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const MAPPED = /^((?:0{1,4}:){0,5}|::(?:0{1,4}:){0,4})ffff:$/i;

/** Reads an address in any spelling of RFC 4291 §2.2, with PostgreSQL's prefix length. null for anything else: `010.0.0.1` is octal to some and decimal to others. */
export function parseIp(text: string): IpText | null {
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
  return { ...found, prefix: found.isMapped && prefix !== null ? prefix - 96 : prefix, suffix, zone };
}

type Address = Omit<IpText, "prefix" | "suffix" | "zone">;

function parseV4(text: string): Address | null {
  const found = V4.exec(text);
  if (found === null) return null;
  let word = 0;
  for (let part = 1; part <= 4; part++) {
    const digits = found[part]!;
    if (Number(digits) > 255 || (digits.length > 1 && digits.charCodeAt(0) === 0x30)) return null;
    word = word * 256 + Number(digits);
  }
  return { size: 1, words: [word], isMapped: false, isUpper: false, isFull: false };
}

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
  const gap = text.indexOf("::");
  if (gap !== text.lastIndexOf("::")) return null;
  const parse = (part: string): number[] | null => {
    if (part === "") return [];
    const groups = part.split(":");
    return groups.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group)) ? groups.map((group) => Number.parseInt(group, 16)) : null;
  };
  const head = parse(gap < 0 ? text : text.slice(0, gap));
  const rest = gap < 0 ? [] : parse(text.slice(gap + 2));
  if (head === null || rest === null) return null;
  const missing = 8 - head.length - rest.length;
  if (gap < 0 ? missing !== 0 : missing < 1) return null;
  return [...head, ...new Array<number>(missing).fill(0), ...rest];
}

export function writeV4(word: number): string {
  return `${word >>> 24}.${(word >>> 16) & 255}.${(word >>> 8) & 255}.${word & 255}`;
}

/** Writes an address as RFC 5952 recommends, or with all its digits. */
export function writeV6(words: readonly number[], isFull = false): string {
  const groups = words.flatMap((word) => [word >>> 16, word & 0xffff]);
  if (isFull) return groups.map((group) => group.toString(16).padStart(4, "0")).join(":");
  let best = 0;
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
  const hex = (from: number, to: number) =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(":");
  return bestLength < 2 ? hex(0, 8) : `${hex(0, best)}::${hex(best + bestLength, 8)}`;
}

/** Writes an address in the spelling that another text has: its suffix, zone, case, and all digits where it has them. */
export function writeIp(like: IpText, words: readonly number[]): string {
  const address = like.isMapped
    ? `::ffff:${writeV4(words[0]!)}`
    : like.size === 1
      ? writeV4(words[0]!)
      : writeV6(words, like.isFull);
  return (like.isUpper ? address.toUpperCase() : address) + like.zone + like.suffix;
}
