import type { Column, ColumnValues, FixedPoints, MaskColumn } from "../../contracts.ts";
import { createCryptoPan } from "../../keys/crypto-pan.ts";
import { boolean, integer, json, type OptionsValue } from "../../option-spec.ts";
import { defineTransform, isEmptyCell } from "../define-transform.ts";
import { SMALL_DOMAIN } from "../tokens/small-domains.ts";
import { clearHost, hasNoHost, isNetwork, maskOf } from "./ip-networks.ts";
import { specialBits } from "./ip-ranges.ts";
import { type IpText, parseIp, writeIp } from "./ip-text.ts";

const OPTIONS = {
  special: boolean({
    describe:
      "Private, shared and link-local addresses stay such ones, and no other becomes one; loopback, multicast and reserved ones stay.",
    default: true,
  }),
  keepPrefix: integer({ describe: "Leading bits of an IPv4 address that stay.", default: 0, min: 0, max: 31 }),
  keepPrefix6: integer({ describe: "Leading bits of an IPv6 address that stay.", default: 0, min: 0, max: 127 }),
  within: json<readonly string[] | undefined>({
    describe: "Networks to draw stand-ins from, one of IPv4, one of IPv6 or both: `203.0.113.0/24`. Prefixes are lost.",
    kind: "list",
    optional: true,
    problem: networksProblem,
  }),
  strict: boolean({
    describe: "In a text column, takes addresses as RFC 5952 writes them alone, so that different texts stay different.",
    default: false,
  }),
} as const;

type Options = OptionsValue<typeof OPTIONS>;

const FIXED: FixedPoints = {
  description: "an empty string; with `special` loopback, multicast and reserved addresses; a network whose prefix is kept whole",
  isFixed: (value, options: Options, column) => {
    if (isEmptyCell(value, column?.isPadded ?? false)) return true;
    const parsed = options.within === undefined ? parseIp(value.trimEnd()) : null;
    return parsed !== null && keptBits(parsed, options) >= usedBits(parsed);
  },
};

/** Rows whose addresses are held apart at a time: the garbage of more outlives the young. */
const FEW_ROWS = 512;

/** Longest text of an IPv4 address: a column that holds fewer characters cannot hold every one. */
const V4_CHARACTERS = 15;

/**
 * Encrypts IP addresses so that what shares a network still does (Crypto-PAn, IPv4 and IPv6): `198.51.100.17` becomes `153.12.7.203`, and `198.51.100.99`
 * another address that begins with `153.12.7`.
 *
 * Prefix length, zone and spelling stay: `2001:db8::/32` becomes a network of 32 bits, upper case stays upper case. An IPv4 address inside of IPv6
 * (`::ffff:192.0.2.1`) maps as it does alone. With `special` the bits on the way to a special range stay, so a neighbour of 10.0.0.0/8 shows that it is one.
 * Who knows one address with its stand-in knows the shared bits of all its neighbours, and can find more by injecting traffic: the price of prefixes.
 * Hint: for a log whose networks do not matter, `within` keeps nothing but equality.
 *
 * J. Xu, J. Fan, M. Ammar, S. Moon, "Prefix-Preserving IP Address Anonymization", ICNP 2002.
 */
export const encryptIp = defineTransform({
  name: "encryptIp",
  technique: "pseudonymization",
  accepts: ["network", "text"],
  unsupported:
    "what is no address or has two readings (010.0.0.1), with `within` a network or an address of a version that has none there, with `strict` other spellings, and a result that is too long for its column",
  guarantees: (options, { kind }) => ({
    deterministic: true,
    uniqueness:
      // A text may write one address in several ways.
      kind !== "network" && !options.strict
        ? { kind: "lossy" }
        : options.within === undefined
          ? { kind: "preserved" }
          : { kind: "unlikely-lost", bits: hostBits(options.within) },
    reversible: options.within === undefined && (kind === "network" || options.strict),
    preservesLength: false,
    changesInput: "almost-always",
  }),
  fixedPoints: FIXED,
  isKeyed: true,
  options: OPTIONS,
  maxOutputLength: (_, { maxLength }) => maxLength,
  smallDomain: ({ keepPrefix, within }) => {
    const size = 2 ** (within === undefined ? 32 - keepPrefix : hostBits(within));
    return size < SMALL_DOMAIN ? size : null;
  },
  checkColumn: ({ keepPrefix, keepPrefix6, within }, { kind, maxLength, type }) => [
    ...(kind === "text" && maxLength !== null && maxLength < V4_CHARACTERS
      ? [`a column of type ${type} cannot hold every address`]
      : []),
    ...(within !== undefined && keepPrefix + keepPrefix6 > 0 ? ["addresses that are drawn from a network keep no prefix"] : []),
  ],
  prepare: (options, { column, deriveKey }) => createMask(options, column, deriveKey("encryptIp"), "encrypt"),
  reveal: (options, { column, deriveKey }) => createMask(options, column, deriveKey("encryptIp"), "decrypt"),
});

function createMask(options: Options, column: Column, key: Uint8Array, direction: "encrypt" | "decrypt"): MaskColumn {
  const pan = createCryptoPan(key);
  const networks = (options.within ?? []).map((text) => parseIp(text)!);

  return (values) => {
    const masked = new Array<string | null | undefined>(values.length).fill(undefined);
    for (let from = 0; from < values.length; from += FEW_ROWS)
      maskRows(values, masked, from, Math.min(from + FEW_ROWS, values.length));
    return masked;
  };

  function maskRows(values: ColumnValues, masked: (string | null | undefined)[], from: number, to: number): void {
    const bySize = { 1: [] as Slot[], 4: [] as Slot[] };
    for (let row = from; row < to; row++) {
      const value = values[row]!;
      if (value === null || isEmptyCell(value, column.isPadded)) {
        masked[row] = value;
        continue;
      }
      const text = column.isPadded ? value.trimEnd() : value;
      const ip = parseIp(text);
      if (ip === null) continue;
      if (!options.strict) bySize[ip.size].push({ row, ip });
      else {
        const plain = { ...ip, isUpper: false, isFull: false };
        if (writeIp(plain, plain.words) === text) bySize[ip.size].push({ row, ip: plain });
      }
    }
    for (const size of [1, 4] as const) {
      const slots = bySize[size];
      const network = networks.find((one) => one.size === size);
      if (slots.length === 0 || (networks.length > 0 && network === undefined)) continue;
      const encrypted = crypt(slots, size);
      for (const [index, { row, ip }] of slots.entries()) {
        if (network !== undefined && ip.prefix !== null && ip.prefix < size * 32) continue;
        const words = encrypted.subarray(index * size, index * size + size);
        if (network !== undefined)
          for (let at = 0; at < size; at++) words[at] = (words[at]! & ~maskOf(at, network.prefix!)) | network.words[at]!;
        const text = writeIp(ip, words);
        masked[row] = column.maxLength !== null && text.length > column.maxLength ? undefined : text;
      }
    }
  }

  function crypt(slots: readonly Slot[], size: 1 | 4): Uint32Array {
    const addresses = new Uint32Array(slots.length * size);
    const kept = new Uint8Array(slots.length);
    for (const [index, { ip }] of slots.entries()) {
      for (let word = 0; word < size; word++) addresses[index * size + word] = ip.words[word]!;
      kept[index] = keptBits(ip, options);
    }
    const encrypted = pan[direction](addresses, size, kept);
    for (const [index, { ip }] of slots.entries()) {
      if (ip.prefix === null || ip.prefix >= size * 32 || options.within !== undefined) continue;
      const words = encrypted.subarray(index * size, index * size + size);
      if (isNetwork(ip)) clearHost(words, ip.prefix);
      else if (hasNoHost(words, ip.prefix)) {
        // The one host of a network that would become the network itself takes the place that the network gives up.
        const network = Uint32Array.from(ip.words);
        clearHost(network, ip.prefix);
        words.set(pan[direction](network, size, kept.subarray(index, index + 1)));
      }
    }
    return encrypted;
  }
}

interface Slot {
  readonly row: number;
  readonly ip: IpText;
}

function keptBits({ words, size }: IpText, { special, keepPrefix, keepPrefix6, within }: Options): number {
  if (within !== undefined) return 0;
  return Math.max(special ? specialBits(words, 0, size) : 0, size === 1 ? keepPrefix : keepPrefix6);
}

/** A network's bits beyond its prefix are zeros, before and after. */
function usedBits(ip: IpText): number {
  return ip.prefix !== null && isNetwork(ip) ? ip.prefix : ip.size * 32;
}

/** Keyed bits of a drawn address, of the smallest network. */
function hostBits(networks: readonly string[]): number {
  return Math.min(...networks.map((text) => parseIp(text)!).map(({ size, prefix }) => size * 32 - prefix!));
}

function networksProblem(value: unknown): string | null {
  if (!Array.isArray(value) || value.length === 0) return "must be a list of networks, such as 203.0.113.0/24";
  const networks = value.map((text) => (typeof text === "string" ? parseIp(text) : null));
  if (!networks.every((network) => network !== null && network.zone === "" && !network.isMapped && isNetwork(network)))
    return "must name networks by their first address and prefix length, such as 203.0.113.0/24";
  return new Set(networks.map((network) => network!.size)).size < networks.length
    ? "must name one network of a kind at most"
    : null;
}
