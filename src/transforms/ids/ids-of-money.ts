import { cardNetworkOf, cardNetworks } from "./card-networks.ts";
import { NATIONAL_CHECKS } from "./iban-checks.ts";
import { IBAN_STRUCTURES } from "./iban-countries.ts";
import { luhnEnding } from "./id-checks.ts";
import { keptOf } from "./id-dates.ts";
import { ALPHANUMERIC, chars, check, digits, type IdField, kept, letters, oneOf } from "./id-field.ts";
import type { IdForm, IdSchemes } from "./id-scheme.ts";

/** The remainder by 97 of an IBAN whose first four characters go last, letters as two digits (ISO 13616). */
function mod97(text: string): number {
  let rest = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    rest = code < 58 ? (rest * 10 + code - 48) % 97 : (rest * 100 + code - 55) % 97;
  }
  return rest;
}

function iban(country: string, bban: string): string {
  return country + String(98 - mod97(`${bban + country}00`)).padStart(2, "0") + bban;
}

/** Characters of a key that name the structure. */
const KEY = 4;

/** Says of each character that may be a letter or a digit which it is: it stays that. */
function ibanKey(compact: string): string | null {
  let key = compact.slice(0, 2) + compact.length;
  const parts = IBAN_STRUCTURES.get(key);
  if (parts === undefined) return null;
  let at = 4;
  for (const { kind, width } of parts) {
    if (kind === "c") for (let index = at; index < at + width; index++) key += compact.charCodeAt(index) < 58 ? "n" : "a";
    at += width;
  }
  return key;
}

/** Where no structure tells how long a bank's code is. */
const SHORTEST_BANK = 4;

function ibanForms(key: string, keep: boolean): readonly IdForm[] {
  const country = key.slice(0, 2);
  const parts = IBAN_STRUCTURES.get(key.slice(0, KEY))!;
  let kinds = "";
  let either = KEY;
  for (const { kind, width } of parts) {
    kinds += kind === "c" ? key.slice(either, either + width) : kind.repeat(width);
    if (kind === "c") either += width;
  }
  const fields: IdField[] = [kept(2), check(2)];
  const isBehindLetter = country === "IT" || country === "SM";
  const first = parts[isBehindLetter ? 1 : 0]!;
  const bankEnd = !keep ? 0 : (isBehindLetter ? 1 : 0) + (first.width > 8 ? SHORTEST_BANK : first.width);
  // Mauritius and the Seychelles end in a currency.
  const currency = country === "MU" || country === "SC" ? 3 : 0;
  if (bankEnd > 0) fields.push(kept(bankEnd));
  fields.push(...runs(kinds.slice(bankEnd, kinds.length - currency)));
  if (currency > 0) fields.push(kept(currency));
  const national = NATIONAL_CHECKS[country];
  const plain = (text: string) => iban(country, text.slice(4));
  if (national === undefined) return [{ fields, complete: plain }];
  const checked = (text: string) => {
    const bban = national(text.slice(4));
    // A bank's code that stays may hold a check digit, which must then be right.
    return bban === null || !isSameWhereKept(text.slice(4), bban, bankEnd) ? null : iban(country, bban);
  };
  const isChecked = (bban: string) => national(bban) === bban;
  return [
    { fields: withoutChecks(fields, national, kinds, bankEnd), complete: checked },
    // Accounts with other check digits are accounts of their own: they stay apart.
    { fields, complete: (text) => (isChecked(text.slice(4)) ? null : plain(text)) },
  ];
}

/** Digits of one field: a number of more is no longer exact beside others. */
const MAX_RUN = 10;

function isSameWhereKept(text: string, bban: string, end: number): boolean {
  return end === 0 || text.startsWith(bban.slice(0, end));
}

/** The fields one by one, but for what the country's check works out. */
function withoutChecks(
  fields: readonly IdField[],
  national: (bban: string) => string | null,
  kinds: string,
  bankEnd: number,
): readonly IdField[] {
  const checks = checkPlaces(national, kinds);
  const places = [...kinds].map((kind, at) => (checks.has(at) ? "c" : kind)).join("");
  return [...fields.slice(0, bankEnd > 0 ? 3 : 2), ...runs(places.slice(bankEnd))];
}

/** Fields for characters of one kind that stand side by side: digits, letters, or check digits. */
function runs(kinds: string): readonly IdField[] {
  return [...kinds.matchAll(/n{1,10}|a{1,10}|c+/g)].map(([run]) =>
    run[0] === "n" ? digits(run.length) : run[0] === "a" ? letters(run.length) : check(run.length),
  );
}

/** The places that a country's check writes: those that it gives back whatever stands there. */
function checkPlaces(national: (bban: string) => string | null, kinds: string): ReadonlySet<number> {
  const places = new Set<number>();
  for (let at = 0; at < kinds.length; at++) {
    const signs = kinds[at] === "n" ? "0123456789" : "ABCDEFGHIJ";
    for (const filler of "123456789") {
      const base = [...kinds].map((kind, index) => (kind === "n" ? (index % 3 === 0 ? filler : "2") : "A")).join("");
      const results = new Set([...signs].map((sign) => national(base.slice(0, at) + sign + base.slice(at + 1))?.[at]));
      if (results.has(undefined) && results.size > 1) continue;
      if (results.size === 1 && !results.has(undefined)) places.add(at);
      break;
    }
  }
  return places;
}

/** Digits of a bank in a card's number. */
const BIN = 6;

function cardForms(key: string, keep: boolean): readonly IdForm[] {
  const [length, name] = [Number(key.slice(0, 2)), key.slice(3)];
  const network = cardNetworks().find((one) => one.name === name);
  if (keep) return [{ fields: [kept(BIN), ...longDigits(length - BIN - 1), check()], complete: luhnEnding }];
  if (network !== undefined) {
    const { prefix } = network;
    return [{ fields: [prefix, ...longDigits(length - prefix.width - 1), check()], complete: luhnEnding }];
  }
  const complete = (text: string) => (cardNetworkOf(text) === null ? luhnEnding(text) : null);
  return [{ fields: [kept(2), ...longDigits(length - 3), check()], complete }];
}

function longDigits(width: number): readonly IdField[] {
  return width <= MAX_RUN ? [digits(width)] : [digits(width - MAX_RUN), digits(MAX_RUN)];
}

const LOCATION = "ABCDEFGHIJKLMNOPQRSTUVWXYZ23456789";

/** Numbers of cards, accounts and banks. */
export const IDS_OF_MONEY = {
  card: {
    describe: "a payment card (Luhn), the network stays",
    keeps: "the bank (BIN)",
    keyOf: (compact) => (/^\d{12,19}$/.test(compact) ? `${compact.length} ${cardNetworkOf(compact)?.name ?? ""}` : null),
    forms: cardForms,
  },
  iban: {
    describe: "an IBAN (mod 97 and the country's own check digits), the country stays",
    keeps: "the bank",
    keyOf: ibanKey,
    forms: ibanForms,
  },
  bic: {
    describe: "a BIC (ISO 9362), the country stays",
    keyOf: (compact) => (/^[A-Z]{4}/.test(compact) ? String(compact.length) : null),
    forms: (key) => {
      const bank = [letters(4), kept(2), chars(LOCATION), chars(ALPHANUMERIC)];
      if (key === "8") return [{ fields: bank }];
      if (key !== "11") return [];
      return [
        { fields: [...bank, keptOf(oneOf(["XXX"]))] },
        { fields: [...bank, chars(ALPHANUMERIC, 3)], complete: (text) => (text.endsWith("XXX") ? null : text) },
      ];
    },
  },
} satisfies IdSchemes;
