import { refuseWindows, ruleMap } from "../../inner-rules.ts";
import { defineTransform } from "../define-transform.ts";
import { maskPlaces, type Place, type WritePart } from "./mask-places.ts";
import { prepareNamed } from "./named-parts.ts";
import { others, partGuarantees, partProblems, textParts } from "./part-masks.ts";

/**
 * Masks parameters of a query string, alone or in a URL: `/search?mail=jane%40acme.com&page=2` becomes `/search?mail=mo.brandt%40example.net&page=2`
 * with `parameters: { mail: fake("internet.email") }`.
 *
 * Scheme, host, path and fragment stay, and so does every parameter that no rule names unless `others` says otherwise. A masked value is
 * percent-encoded (WHATWG URL, application/x-www-form-urlencoded), a space as the original wrote it. A parameter that is written in escapes of
 * something else than UTF-8 is unsupported.
 */
export const maskQuery = defineTransform({
  name: "maskQuery",
  technique: "pseudonymization",
  accepts: ["text"],
  guarantees: ({ parameters }, column) => partGuarantees(Object.values(parameters), textParts(column)),
  options: {
    parameters: ruleMap({ describe: "Rules by the parameter's name.", problem: refuseWindows }),
    others: others("parameters"),
  },
  checkColumn: ({ parameters }, column) => partProblems(Object.values(parameters), textParts(column)),
  prepare: async ({ parameters, others }, context) => {
    const { masks, placeOf } = await prepareNamed(parameters, others, context);
    return maskPlaces(masks, context.column, (value) => {
      const places: Place[] = [];
      const fragment = value.indexOf("#");
      const end = fragment < 0 ? value.length : fragment;
      let at = startOfQuery(value.slice(0, end));
      while (at < end) {
        const next = value.indexOf("&", at);
        const to = next < 0 || next > end ? end : next;
        const equals = value.indexOf("=", at);
        const hasValue = equals >= 0 && equals < to;
        // What has no name is a value of none.
        const from = hasValue ? equals + 1 : at;
        const name = decoded(value.slice(at, hasValue ? equals : to));
        const text = decoded(value.slice(from, to));
        if (name === undefined || text === undefined) return undefined;
        at = to + 1;
        if (text === "" || (!hasValue && Object.hasOwn(parameters, name))) continue;
        const place = placeOf(hasValue ? name : undefined, from, to, text, encoded);
        if (place === undefined) return undefined;
        if (place !== null) places.push(place);
      }
      return places;
    });
  },
});

/** Behind the question mark of a URL; at the end of one without; else at the start, for the query is all there is. */
function startOfQuery(value: string): number {
  const mark = value.indexOf("?");
  if (mark >= 0) return mark + 1;
  return /^(?:[a-z][a-z\d+.-]*:|\/)/i.test(value) ? value.length : 0;
}

function decoded(text: string): string | undefined {
  if (!text.includes("%") && !text.includes("+")) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    return undefined;
  }
}

const encoded: WritePart = (masked, raw) => {
  if (masked === null) return "";
  // Half of a surrogate pair has no UTF-8.
  if (/\p{Surrogate}/u.test(masked)) return undefined;
  const written = encodeURIComponent(masked);
  return raw.includes("+") ? written.replaceAll("%20", "+") : written;
};
