import { type IdField, oneOf, span } from "./id-field.ts";

/** A network of cards. */
export interface CardNetwork {
  readonly name: string;
  /** The first digits of its numbers. */
  readonly prefix: IdField;
  /** The first eight digits of numbers that payment providers publish for tests. */
  readonly testIin: string;
}

/** By the first digits of a number (ISO/IEC 7812). */
const NETWORKS: readonly (readonly [name: string, prefix: () => IdField, testIin: string])[] = [
  ["visa", () => oneOf(["4"]), "41111111"],
  ["mastercard", () => span(51, 55), "55555555"],
  ["mastercard 2", () => span(2221, 2720), "22230031"],
  ["american express", () => oneOf(["34", "37"]), "37828224"],
  ["discover", () => oneOf(["6011", ...Array.from({ length: 160 }, (_, index) => String(6440 + index))]), "60111111"],
  ["unionpay", () => oneOf(["62"]), "62000000"],
  ["jcb", () => span(3528, 3589), "35660020"],
  ["diners", () => oneOf(["300", "301", "302", "303", "304", "305", "309"]), "30569309"],
  ["diners 3", () => oneOf(["36", "38", "39"]), "36227206"],
  ["mir", () => span(2200, 2204), "22000000"],
];

let made: readonly CardNetwork[] | undefined;

/** The networks by name, made on first use. */
export function cardNetworks(): readonly CardNetwork[] {
  made ??= NETWORKS.map(([name, prefix, testIin]) => ({ name, prefix: prefix(), testIin }));
  return made;
}

/** The network of a card's digits, null where none is known. */
export function cardNetworkOf(digits: string): CardNetwork | null {
  return cardNetworks().find(({ prefix }) => prefix.rank(digits, 0) >= 0) ?? null;
}
