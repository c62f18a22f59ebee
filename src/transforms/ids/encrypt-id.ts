import type { Column, ColumnContext, MaskColumn } from "../../contracts.ts";
import { boolean, type OptionSpec, type OptionsValue, text } from "../../option-spec.ts";
import { defineTransform, EMPTY_STAYS } from "../define-transform.ts";
import { nearestNames } from "../nearest-name.ts";
import { SMALL_DOMAIN } from "../tokens/small-domains.ts";
import { createIdMask } from "./id-mask.ts";
import type { IdScheme } from "./id-scheme.ts";
import { ID_SCHEMES, type IdSchemeName, idScheme } from "./id-schemes.ts";
import { patternScheme } from "./ids-of-places.ts";
import { isOneText, parseRegexp } from "./parse-regexp.ts";

const NAMES = Object.keys(ID_SCHEMES);

/** What stands before a regular expression of the caller's own. */
const PATTERN = "/";

/** Names are listed, so that editors complete them. */
const scheme: OptionSpec<IdSchemeName | (string & {}), false> = {
  ...text({ describe: "The kind of identifier, such as iban, us.ssn or postcode.gb, or a regular expression between slashes." }),
  suggestions: NAMES,
  problem(value) {
    if (typeof value !== "string") return "must be text";
    if (value.startsWith(PATTERN)) return patternProblem(value);
    return idScheme(value) === undefined
      ? `is no kind of identifier: did you mean ${nearestNames(value, NAMES).join(", ")}?`
      : null;
  },
};

const OPTIONS = {
  scheme,
  keep: boolean({ describe: "Keeps the part that names a bank, a maker or a time, where the kind has one.", default: false }),
} as const;

type Options = OptionsValue<typeof OPTIONS>;

/**
 * Encrypts an identifier to another valid one of its kind, check digits worked out anew: with `scheme: "iban"`, `GB82 WEST 1234 5698 7654 32`
 * becomes `GB25 RXQN 3947 3712 6213 66`.
 *
 * Kinds: cards, IBAN, BIC; UUID, ULID, ObjectId, MAC; VIN, IMEI, ISBN, ISSN, EAN, IMO; postal codes and licence plates (`postcode.gb`, `plate.de`); numbers of
 * people, taxpayers and companies of more than 60 countries (`us.ssn`, `nl.bsn`); and by a regular expression between slashes any other
 * (`/[A-Z]{2}-\d{4}/`). Spaces, dashes, dots and the case of letters stay, and so do a country before its tax number and `IMO`, `ISBN` or `ISSN` before theirs. Days of birth within a number become other days up to 2024; a day after
 * that stays. The valid identifiers of a kind are mapped to each other one to one, by FF1 where they are a million or more, so what comes out may be
 * somebody's. An invalid identifier is unsupported, and so is a negative number, and one in small and capital letters at once; the same one in both cases is one
 * identifier. With `keep` the part that stays changes how the rest is encrypted.
 *
 * Whoever lacks the key cannot get the identifier back, and sees its kind, layout, what is kept, and how often it occurs. Source: ISO 13616, 7812, 7064, 3779
 * and 2108, RFC 9562, and the issuers' own rules. Hint: for digits of no kind use `encryptDigits`, for phone numbers `encryptPhone`.
 */
export const encryptId = defineTransform({
  name: "encryptId",
  technique: "pseudonymization",
  accepts: ["text", "integer", "uuid", "network"],
  unsupported:
    "an identifier that is not valid (its length, check digits or dates), one in small and capital letters at once, and a negative number",
  guarantees: (_, column) => ({
    deterministic: true,
    uniqueness: { kind: "preserved" },
    reversible: true,
    // A number loses the zeros at its front.
    preservesLength: column.kind !== "integer",
    changesInput: "almost-always",
  }),
  fixedPoints: EMPTY_STAYS,
  isKeyed: true,
  options: OPTIONS,
  shorthand: "scheme",
  defaultDomain: (options) => `encryptId:${options.scheme}${options.keep ? ":keep" : ""}`,
  smallDomain: (options) => {
    const size = schemeOf(options).size?.() ?? SMALL_DOMAIN;
    return size > 0 && size < SMALL_DOMAIN ? size : null;
  },
  checkColumn: ({ scheme }, { kind, type }) => [
    ...(kind === "uuid" && scheme !== "uuid" ? [`a uuid column takes the scheme uuid alone, not ${scheme}`] : []),
    ...(kind === "network" && !(scheme === "mac" && /^macaddr/.test(type))
      ? [`a column of type ${type} takes ${/^macaddr/.test(type) ? "the scheme mac alone" : "encryptIp"}, not ${scheme}`]
      : []),
  ],
  prepare: (options, context) => createMask(options, context, false),
  reveal: (options, context) => createMask(options, context, true),
});

function createMask(options: Options, { column, deriveKey }: ColumnContext, isBackward: boolean): MaskColumn {
  const { keep } = options;
  const [scheme, heads, number] = [schemeOf(options), headsOf(options), rangeOf(column)];
  return createIdMask({ scheme, keep, heads, number, deriveKey, isBackward });
}

function schemeOf({ scheme }: Options): IdScheme {
  return scheme.startsWith(PATTERN) ? patternScheme(scheme.slice(1, -1))! : idScheme(scheme)!;
}

/** What often stands before an identifier: its own name, or the letters of a country before a tax number. Greece's are EL there. */
function headsOf(options: Options): readonly string[] {
  const { scheme } = options;
  if (scheme.startsWith(PATTERN)) return [];
  const { head } = schemeOf(options);
  if (head !== undefined) return [head];
  const [, country] = /^([a-z]{2})\./.exec(scheme) ?? [];
  return country === undefined ? [] : country === "gr" ? ["EL", "GR"] : [country.toUpperCase()];
}

function rangeOf({ kind, range }: Column) {
  return kind === "integer" ? (range ?? ("unbounded" as const)) : null;
}

function patternProblem(value: string): string | null {
  if (!value.endsWith(PATTERN) || value.length < 3) return "must end with a slash, as it begins with one";
  const pattern = parseRegexp(value.slice(1, -1));
  if (pattern === null) return "is a regular expression beyond literals, classes without ^, groups, |, ?, *, + and {n,m}";
  return isOneText(pattern) ? "describes one text alone, and there is no other to encrypt it to" : null;
}
