import { isIPv4, isIPv6 } from "node:net";
import type { Rule } from "../../contracts.ts";
import { fake } from "../fake/fake.ts";
import { encryptId } from "../ids/encrypt-id.ts";
import { encryptPhone } from "../ids/encrypt-phone.ts";
import { luhnSum } from "../ids/luhn.ts";
import { redact } from "../plain/redact.ts";
import { scramble } from "../tokens/scramble.ts";
import { findIbans } from "./find-ibans.ts";
import { type FindKind, findMatches } from "./find-matches.ts";
import { phoneFinder } from "./find-phones.ts";
import { findSecrets } from "./secret-forms.ts";

/** What is found by its form alone, in words. */
export const KINDS_OF_TEXT = {
  email: "mail addresses, in any script",
  url: "URLs, with a scheme (`https://`, `postgres://`) or `www.` before them, to the next space",
  secret: "private keys (PEM, PGP), JWT, the keys of known services, and what stands behind `Bearer`, `password=` and the like",
  iban: "IBANs with right check digits, in groups too",
  card: "card numbers of 12 to 19 digits from 2 to 6 on, with spaces, dots or dashes, that pass the Luhn check",
  nationalId:
    "official numbers that their check digits or layout tell: Brazil's CPF, Spain's DNI and NIE, France's NIR, the UK's NINO, India's Aadhaar, Italy's codice fiscale, Poland's PESEL, the US SSN",
  phone: "phone numbers that are valid where they are from: with a calling code, and with `country` those without one",
  ipv4: "IPv4 addresses",
  ipv6: "IPv6 addresses",
  mac: "MAC addresses, with colons, dashes, or as `0123.4567.89ab`",
  word: "the words and phrases of `words`",
} as const;
export type TextKind = keyof typeof KINDS_OF_TEXT;
export const TEXT_KINDS = Object.keys(KINDS_OF_TEXT) as readonly TextKind[];

/** What masks a kind where the policy does not say. `country` is where phone numbers without a calling code are from. */
export const DEFAULT_RULES: Readonly<Record<TextKind, (country: string | undefined) => Rule>> = {
  email: () => fake("internet.email"),
  url: () => fake("internet.url"),
  secret: () => redact(),
  iban: () => encryptId({ scheme: "iban" }),
  card: () => encryptId({ scheme: "card" }),
  nationalId: () => scramble(),
  phone: (country) => encryptPhone({ country }),
  ipv4: () => fake("internet.ipv4", { arguments: [{ cidrBlock: "10.0.0.0/8" }] }),
  ipv6: () => fake("internet.ipv6"),
  mac: () => fake("internet.mac"),
  word: () => redact(),
};

/** What may stand before an @: half a surrogate pair is half a letter. */
const LOCAL = /[\w.%+'-]|[^\0-\x7f\p{P}\p{Z}\p{S}]/u;
const LONGEST_LOCAL = 64;
const MAIL_DOMAIN = /(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}/uy;

/** What ends a sentence or a bracket behind a URL, in the signs of several scripts. */
const BEHIND_URL = ".,;:!?)]}…。、，；：！？）」』】»”’";

/** No repetition is tried twice at one place, so that no text takes more than its length times a constant. */
const FINDERS: Readonly<Record<Exclude<TextKind, "nationalId" | "phone" | "word">, FindKind>> = {
  email: (text, say) => {
    for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
      let start = at;
      while (start > 0 && at - start < LONGEST_LOCAL && LOCAL.test(text[start - 1]!)) start--;
      // A quote around an address is none of it.
      while (text[start] === "'" || text[start] === ".") start++;
      MAIL_DOMAIN.lastIndex = at + 1;
      if (start < at && MAIL_DOMAIN.test(text)) say(start, MAIL_DOMAIN.lastIndex);
    }
  },
  url: (text, say) => {
    if (!/:\/\/|www\./i.test(text)) return;
    for (const { 0: found, index } of text.matchAll(/\b(?:[a-z][a-z\d+.-]{1,30}:\/\/|www\.)[^\s<>"']+/gi)) {
      let { length } = found;
      while (BEHIND_URL.includes(found[length - 1]!)) length--;
      say(index, index + length);
    }
  },
  secret: findSecrets,
  iban: findIbans,
  card: (text, say) => findMatches(text, /(?<!\d)[2-6]\d{3}(?:[ \u00a0.-]{0,2}\d){8,15}(?!\d)/g, say, isCard),
  ipv4: (text, say) => findMatches(text, /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)/g, say, isIPv4),
  ipv6: (text, say) => {
    if (!text.includes(":")) return;
    const form = /(?<![\w:.])(?:[0-9a-f]{0,4}:){2,7}(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f]{0,4})(?![\w:])/gi;
    findMatches(text, form, say, (found) => found.length > 2 && isIPv6(found));
  },
  mac: (text, say) => {
    findMatches(text, /\b[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}\b/gi, say);
    findMatches(text, /\b(?:[0-9a-f]{4}\.){2}[0-9a-f]{4}\b/gi, say, (found) => /[a-f]/i.test(found));
  },
};

/** Readies the search for the kinds asked for. `country` is where numbers without a calling code are from. */
export async function loadFinders(
  kinds: readonly TextKind[],
  country: string | undefined,
): Promise<readonly { readonly kind: TextKind; readonly find: FindKind }[]> {
  return Promise.all(
    kinds
      .filter((kind) => kind !== "word")
      .map(async (kind) => {
        if (kind === "phone") return { kind, find: await phoneFinder(country) };
        return { kind, find: kind === "nationalId" ? await nationalIdFinder() : FINDERS[kind] };
      }),
  );
}

/** Official numbers that are told by check digits, or by a layout of their own, where stdnum says that they are valid. */
async function nationalIdFinder(): Promise<FindKind> {
  const { stdnum } = await import("stdnum");
  const { BR, ES, FR, GB, IN, IT, PL, US } = stdnum;
  const schemes = [
    { form: /(?<![\d-])\d{3}([- ])\d\d\1\d{4}(?![\d-])/g, validators: [US!.ssn!] },
    { form: /(?<!\d)\d{3}\.?\d{3}\.?\d{3}-?\d\d(?!\d)/g, validators: [BR!.cpf!, PL!.pesel!] },
    { form: /(?<!\d)[12][ .]?\d\d[ .]?\d\d[ .]?\d[\dAB][ .]?\d{3}[ .]?\d{3}[ .]?\d\d(?!\d)/g, validators: [FR!.nir!] },
    { form: /\b[A-Z]{6}\d\d[A-Z]\d\d[A-Z]\d{3}[A-Z]\b/gi, validators: [IT!.codicefiscale!] },
    { form: /\b[XYZ\d]-?\d{7}-?[A-Z]\b/gi, validators: [ES!.dni!, ES!.nie!] },
    { form: /\b[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D]\b/gi, validators: [GB!.nino!] },
    { form: /(?<!\d)\d{4} ?\d{4} ?\d{4}(?!\d)/g, validators: [IN!.aadhaar!] },
  ];
  return (text, say) => {
    for (const { form, validators } of schemes)
      findMatches(text, form, say, (found) => validators.some(({ validate }) => validate(found).isValid));
  };
}

function isCard(found: string): boolean {
  const digits = found.replace(/\D/g, "");
  return luhnSum(digits) === 0 && !/^(\d)\1*$/.test(digits);
}
