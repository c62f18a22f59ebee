import { isIPv4, isIPv6 } from "node:net";
import type { CountryCode } from "libphonenumber-js";
import type { Rule } from "../../contracts.ts";
import { fake } from "../fake/fake.ts";
import { luhnSum } from "../ids/luhn.ts";
import { redact } from "../plain/redact.ts";
import { encryptDigits } from "../tokens/encrypt-digits.ts";
import { scramble } from "../tokens/scramble.ts";

/** What is found by its form alone. `word` is what the list of words holds. */
export const TEXT_KINDS = [
  "email",
  "url",
  "secret",
  "iban",
  "card",
  "nationalId",
  "phone",
  "ipv4",
  "ipv6",
  "mac",
  "word",
] as const;
export type TextKind = (typeof TEXT_KINDS)[number];

/** What masks a kind where the policy does not say. */
export const DEFAULT_RULES: Readonly<Record<TextKind, () => Rule>> = {
  email: () => fake("internet.email"),
  url: () => fake("internet.url"),
  secret: () => redact(),
  iban: () => scramble(),
  card: () => encryptDigits({ luhn: true, onUnsupported: "redact" }),
  nationalId: () => scramble(),
  phone: () => encryptDigits({ onUnsupported: "redact" }),
  ipv4: () => fake("internet.ipv4", { arguments: [{ cidrBlock: "10.0.0.0/8" }] }),
  ipv6: () => fake("internet.ipv6"),
  mac: () => fake("internet.mac"),
  word: () => redact(),
};

/** Tells where things of one kind begin and end. */
export type FindKind = (text: string, say: (start: number, end: number) => void) => void;

/** What may stand before an @: half a surrogate pair is half a letter. */
const LOCAL = /[\w.%+'-]|[^\0-\x7f\p{P}\p{Z}\p{S}]/u;
const LONGEST_LOCAL = 64;
const MAIL_DOMAIN = /(?:[\p{L}\p{N}-]{1,63}\.){1,8}\p{L}{2,24}/uy;

/** Every repetition is bounded, so that no text takes more than its length times a constant. */
const FINDERS: Readonly<Record<Exclude<TextKind, "phone" | "word">, FindKind>> = {
  email: (text, say) => {
    for (let at = text.indexOf("@"); at >= 0; at = text.indexOf("@", at + 1)) {
      let start = at;
      while (start > 0 && at - start < LONGEST_LOCAL && LOCAL.test(text[start - 1]!)) start--;
      MAIL_DOMAIN.lastIndex = at + 1;
      if (start < at && MAIL_DOMAIN.test(text)) say(start, MAIL_DOMAIN.lastIndex);
    }
  },
  url: (text, say) => {
    if (/:\/\/|www\./i.test(text))
      matches(text, /\b(?:https?|ftp):\/\/[^\s<>"']{1,2000}|\bwww\.[^\s<>"']{1,2000}/gi, say, null, /[.,;:!?)\]}]+$/);
  },
  secret: (text, say) =>
    matches(
      text,
      /\beyJ[\w-]{8,500}\.[\w-]{4,4000}\.[\w-]{0,4000}|\b(?:sk|pk|rk)_(?:live|test)_\w{16,200}|\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{36,250}|\bxox[abeoprs]-[\w-]{10,250}|\bAIza[\w-]{35}|-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[^-]{0,8000}(?:-----END [A-Z ]{0,30}PRIVATE KEY-----)?/g,
      say,
    ),
  iban: (text, say) => matches(text, /\b[A-Z]{2}\d\d(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b/g, say, isIban),
  card: (text, say) => matches(text, /(?<!\d)[2-6]\d{3}(?:[ -]?\d){8,15}(?!\d)/g, say, isCard),
  nationalId: () => {},
  ipv4: (text, say) => matches(text, /(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}(?![\d.]*\d)/g, say, isIPv4),
  ipv6: (text, say) => {
    if (text.includes(":"))
      matches(
        text,
        /(?<![\w:.])[0-9a-f]{0,4}(?::[0-9a-f]{0,4}){2,7}(?![\w:])/gi,
        say,
        (found) => found.length > 2 && isIPv6(found),
      );
  },
  mac: (text, say) => matches(text, /\b[0-9a-f]{2}([:-])(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}\b/gi, say),
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

const PHONES = /(?<![\p{L}\d])[+(]{0,2}\d(?:[ \u00a0()./-]{0,3}\d){6,14}(?!\d)/gu;

async function phoneFinder(country: string | undefined): Promise<FindKind> {
  const { parsePhoneNumberFromString } = await import("libphonenumber-js");
  const isPhone = (found: string) =>
    // Without a country only a + says whose number it is.
    (country !== undefined || found.includes("+")) &&
    (parsePhoneNumberFromString(found, country as CountryCode | undefined)?.isValid() ?? false);
  return (text, say) => {
    if (country !== undefined || text.includes("+")) matches(text, PHONES, say, isPhone);
  };
}

/** Official numbers that are told by check digits, or by a layout of their own, where stdnum says that they are valid. */
async function nationalIdFinder(): Promise<FindKind> {
  const { stdnum } = await import("stdnum");
  const { BR, ES, FR, GB, IN, IT, PL, US } = stdnum;
  const schemes = [
    { form: /(?<![\d-])\d{3}-\d\d-\d{4}(?![\d-])/g, validators: [US!.ssn!] },
    { form: /(?<!\d)\d{3}\.?\d{3}\.?\d{3}-?\d\d(?!\d)/g, validators: [BR!.cpf!, PL!.pesel!] },
    { form: /(?<!\d)[12][ .]?\d\d[ .]?\d\d[ .]?\d[\dAB][ .]?\d{3}[ .]?\d{3}[ .]?\d\d(?!\d)/g, validators: [FR!.nir!] },
    { form: /\b[A-Z]{6}\d\d[A-Z]\d\d[A-Z]\d{3}[A-Z]\b/gi, validators: [IT!.codicefiscale!] },
    { form: /\b[XYZ\d]-?\d{7}-?[A-Z]\b/gi, validators: [ES!.dni!, ES!.nie!] },
    { form: /\b[A-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D]\b/gi, validators: [GB!.nino!] },
    { form: /(?<!\d)\d{4} ?\d{4} ?\d{4}(?!\d)/g, validators: [IN!.aadhaar!] },
  ];
  return (text, say) => {
    for (const { form, validators } of schemes)
      matches(text, form, say, (found) => validators.some(({ validate }) => validate(found).isValid));
  };
}

function matches(
  text: string,
  form: RegExp,
  say: (start: number, end: number) => void,
  isValid: ((found: string) => boolean) | null = null,
  trailing: RegExp | null = null,
): void {
  for (const { 0: found, index } of text.matchAll(form)) {
    const own = trailing === null ? found : found.replace(trailing, "");
    if (isValid === null || isValid(own)) say(index, index + own.length);
  }
}

function isCard(found: string): boolean {
  const digits = found.replace(/\D/g, "");
  return luhnSum(digits) === 0 && !/^(\d)\1*$/.test(digits);
}

/** ISO 13616-1: the remainder of 97, letters as 10 to 35. */
function isIban(found: string): boolean {
  const text = found.replaceAll(" ", "");
  let rest = 0;
  for (const character of text.slice(4) + text.slice(0, 4)) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}
