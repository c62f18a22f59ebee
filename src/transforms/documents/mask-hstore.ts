import { refuseWindows, ruleMap } from "../../inner-rules.ts";
import { defineTransform } from "../define-transform.ts";
import { endOfQuotes, isSpace, quoted, skipSpace, unquoted } from "./backslash-quotes.ts";
import { maskPlaces } from "./mask-places.ts";
import { prepareNamed } from "./named-parts.ts";
import { others, partGuarantees, partProblems, textParts } from "./part-masks.ts";
import type { WritePart } from "./places.ts";

/**
 * Masks values of a PostgreSQL hstore by their keys: `"id"=>"7", "mail"=>"jane@acme.com"` becomes `"id"=>"7", "mail"=>"mo.brandt@example.net"` with
 * `keys: { mail: fake("internet.email") }`.
 *
 * Keys, their order and spaces stay, NULL stays NULL. What no rule names goes by the rule of the key `*`; where there is none, it is copied unless `others` says
 * otherwise.
 */
export const maskHstore = defineTransform({
  name: "maskHstore",
  technique: "pseudonymization",
  accepts: ["other", "text"],
  unsupported: "what is no hstore, a value in it that its rule cannot handle, and what becomes too long for its column",
  guarantees: ({ keys }, column) => partGuarantees(Object.values(keys), textParts(column)),
  options: {
    keys: ruleMap({ describe: "Rules by key; `*` for every key that has none of its own.", problem: refuseWindows }),
    others: others("values"),
  },
  checkColumn: ({ keys }, column) => partProblems(Object.values(keys), textParts(column)),
  prepare: async ({ keys, others }, context) => {
    const hasRest = Object.hasOwn(keys, "*");
    const { masks, placePart } = await prepareNamed(keys, others, context);
    return maskPlaces(masks, context.column, (value, places) =>
      eachPair(value, (key, from, to) => {
        if (isNull(value, from, to)) return true;
        const name = hasRest && !Object.hasOwn(keys, key) ? "*" : key;
        return placePart(places, name, from, to, unquoted(value, from, to), asValue);
      }),
    );
  },
});

const QUOTE = 0x22;
const COMMA = 0x2c;
const EQUALS = 0x3d;
const BACKSLASH = 0x5c;
const ARROW = "=>";

/** Tells of each `"key"=>"value"`, either of them without quotes where it needs none. False where the text is none of such pairs, or `onPair` says so. */
function eachPair(text: string, onPair: (key: string, from: number, to: number) => boolean): boolean {
  let at = skipSpace(text, 0);
  if (at === text.length) return true;
  for (;;) {
    const key = at;
    const endOfKey = endOfToken(text, key, true);
    if (endOfKey < 0) return false;
    at = skipSpace(text, endOfKey);
    if (!text.startsWith(ARROW, at)) return false;
    const from = skipSpace(text, at + ARROW.length);
    const to = endOfToken(text, from, false);
    if (to < 0 || !onPair(unquoted(text, key, endOfKey), from, to)) return false;
    at = skipSpace(text, to);
    if (at === text.length) return true;
    if (text.charCodeAt(at) !== COMMA) return false;
    at = skipSpace(text, at + 1);
  }
}

function endOfToken(text: string, from: number, isKey: boolean): number {
  if (text.charCodeAt(from) === QUOTE) return endOfQuotes(text, from);
  let at = from;
  for (; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) return -1;
    if (code === COMMA || isSpace(code) || (isKey && code === EQUALS && text.startsWith(ARROW, at))) break;
    if (code === BACKSLASH) at++;
  }
  return at === from || at > text.length ? -1 : at;
}

const isNull = (text: string, from: number, to: number): boolean => to - from === 4 && /^null$/i.test(text.slice(from, to));

const asValue: WritePart = (masked) => (masked === null ? "NULL" : quoted(masked));
