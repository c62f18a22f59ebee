import { refuseWindows, ruleMap } from "../../inner-rules.ts";
import { defineTransform } from "../define-transform.ts";
import { parametersBySemicolons, startOfFragment } from "../network/query-text.ts";
import { maskPlaces } from "./mask-places.ts";
import { prepareNamed } from "./named-parts.ts";
import { others, partGuarantees, partProblems, textParts } from "./part-masks.ts";
import type { WritePart } from "./places.ts";

/**
 * Masks parameters of a query string, alone or in a URL: `/search?mail=jane%40acme.com&page=2` becomes `/search?mail=mo.brandt%40example.net&page=2`
 * with `parameters: { mail: fake("internet.email") }`.
 *
 * Parameters are told apart by `&`, also where a page has escaped it (`&amp;`), and by `;` where it stands between all of them or before one that a rule names; any other
 * is of the value around it. Scheme, host, path and fragment stay. So does every parameter that no rule names, one that is new tomorrow too: `others: "redact"` closes
 * them. A masked value is percent-encoded (WHATWG URL, application/x-www-form-urlencoded), a space as the original wrote it. A parameter to mask that is written in escapes
 * of something else than UTF-8 is unsupported.
 */
export const maskQuery = defineTransform({
  name: "maskQuery",
  technique: "pseudonymization",
  accepts: ["text"],
  unsupported:
    "escapes of something else than UTF-8 in a name or a parameter to mask, a parameter that its rule cannot handle, and what becomes too long for its column",
  guarantees: ({ parameters }, column) => partGuarantees(Object.values(parameters), textParts(column)),
  options: {
    parameters: ruleMap({ describe: "Rules by the parameter's name.", problem: refuseWindows }),
    others: others("parameters"),
  },
  checkColumn: ({ parameters }, column) => partProblems(Object.values(parameters), textParts(column)),
  prepare: async ({ parameters, others }, context) => {
    const { masks, placePart } = await prepareNamed(parameters, others, context);
    const isNamed = (name: string | undefined) => name !== undefined && Object.hasOwn(parameters, name);
    return maskPlaces(masks, context.column, (value, places) => {
      const end = startOfFragment(value);
      const start = startOfQuery(value, end);
      for (const { from, to } of parametersBySemicolons(value.slice(start, end), (name) => isNamed(decoded(name)))) {
        const parameter = value.slice(start + from, start + to);
        const equals = parameter.indexOf("=");
        const name = decoded(equals < 0 ? parameter : parameter.slice(0, equals));
        if (name === undefined) return false;
        const raw = parameter.slice(equals + 1);
        if (raw === "" || (isNamed(name) ? equals < 0 : others === "keep")) continue;
        const text = decoded(raw);
        // What has no name is a value of none.
        if (
          text === undefined ||
          !placePart(places, equals < 0 ? undefined : name, start + from + equals + 1, start + to, text, encoded)
        )
          return false;
      }
      return true;
    });
  },
});

/** Behind the question mark of a URL; at the end of one without; else at the start, for the query is all there is. */
function startOfQuery(value: string, end: number): number {
  const mark = value.indexOf("?");
  if (mark >= 0 && mark < end) return mark + 1;
  return /^(?:[a-z][a-z\d+.-]*:|\/)/i.test(value) ? end : 0;
}

/** WHATWG URL, percent-decode: a sign that no two digits follow stands for itself. */
const BARE_PERCENT = /%(?![\da-f]{2})/gi;

function decoded(text: string): string | undefined {
  if (!text.includes("%") && !text.includes("+")) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " ").replaceAll(BARE_PERCENT, "%25"));
  } catch {
    return undefined;
  }
}

const encoded: WritePart = (masked, value, from, to) => {
  if (masked === null) return "";
  // Half of a surrogate pair has no UTF-8.
  if (/\p{Surrogate}/u.test(masked)) return undefined;
  const written = encodeURIComponent(masked);
  return written.includes("%20") && value.slice(from, to).includes("+") ? written.replaceAll("%20", "+") : written;
};
