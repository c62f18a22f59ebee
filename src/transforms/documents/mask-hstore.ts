import { refuseWindows, ruleMap } from "../../inner-rules.ts";
import { defineTransform } from "../define-transform.ts";
import { maskPlaces, type Place, type WritePart } from "./mask-places.ts";
import { prepareNamed } from "./named-parts.ts";
import { others, partGuarantees, partProblems, textParts } from "./part-masks.ts";

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
  guarantees: ({ keys }, column) => partGuarantees(Object.values(keys), textParts(column)),
  options: {
    keys: ruleMap({ describe: "Rules by key; `*` for every key that has none of its own.", problem: refuseWindows }),
    others: others("values"),
  },
  checkColumn: ({ keys }, column) => partProblems(Object.values(keys), textParts(column)),
  prepare: async ({ keys, others }, context) => {
    const hasRest = Object.hasOwn(keys, "*");
    const { masks, placeOf } = await prepareNamed(keys, others, context);
    return maskPlaces(masks, context.column, (value) => {
      const places: Place[] = [];
      if (value.trim() === "") return places;
      PAIR.lastIndex = 0;
      for (let isMore = true; isMore; ) {
        const found = PAIR.exec(value);
        if (found === null) return undefined;
        const [, key, raw, end] = found;
        isMore = end === ",";
        if (!isMore && PAIR.lastIndex < value.length) return undefined;
        if (/^null$/i.test(raw!)) continue;
        const [from, to] = found.indices![2]!;
        const name = textOf(key!);
        const place = placeOf(hasRest && !Object.hasOwn(keys, name) ? "*" : name, from, to, textOf(raw!), asValue);
        if (place === undefined) return undefined;
        if (place !== null) places.push(place);
      }
      return places;
    });
  },
});

/** `"key"=>"value"`, either of them without quotes where it needs none, and the comma or the end behind it. */
const PAIR = /\s*("(?:[^"\\]|\\.)*"|(?:[^\s",=\\]|\\.|=(?!>))+)\s*=>\s*("(?:[^"\\]|\\.)*"|(?:[^\s",\\]|\\.)+)\s*(,|$)/dsy;

function textOf(raw: string): string {
  const text = raw.startsWith('"') ? raw.slice(1, -1) : raw;
  return text.includes("\\") ? text.replaceAll(/\\(.)/gs, "$1") : text;
}

const asValue: WritePart = (masked) => (masked === null ? "NULL" : `"${masked.replaceAll(/["\\]/g, "\\$&")}"`);
