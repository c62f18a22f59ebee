import { refuseWindows, ruleOption } from "../../inner-rules.ts";
import { text } from "../../option-spec.ts";
import { defineTransform } from "../define-transform.ts";
import { maskPlaces } from "./mask-places.ts";
import { partGuarantees, partProblems, prepareParts, textParts } from "./part-masks.ts";

/**
 * Masks every item of a delimited list: `jane@acme.com; bo@acme.com` becomes `mo.brandt@example.net; al.kim@example.org` with
 * `separator: ";", items: fake("internet.email")`.
 *
 * Spaces around items stay, empty items stay empty. A list is unsupported where the mask of an item holds the separator. Hint: where items may be
 * quoted, use `maskCsv`.
 */
export const maskList = defineTransform({
  name: "maskList",
  technique: "pseudonymization",
  accepts: ["text"],
  unsupported:
    "a list in which an item becomes one with a separator in it, an item that its rule cannot handle, and what becomes too long for its column",
  guarantees: ({ items }, column) => partGuarantees([items], textParts(column)),
  options: {
    items: ruleOption({ describe: "The rule for each item.", problem: refuseWindows }),
    separator: text({ describe: "What stands between items.", default: ",", minLength: 1 }),
  },
  shorthand: "items",
  checkColumn: ({ items }, column) => partProblems([items], textParts(column)),
  prepare: async ({ items, separator }, context) => {
    const masks = await prepareParts([items], textParts(context.column), context);
    const write = (masked: string | null) => (masked?.includes(separator) ? undefined : (masked ?? ""));
    return maskPlaces(masks, context.column, (value, places) => {
      let at = 0;
      for (const item of value.split(separator)) {
        const text = item.trim();
        const from = at + item.length - item.trimStart().length;
        if (text !== "") places.mask(0, from, from + text.length, text, write);
        at += item.length + separator.length;
      }
      return true;
    });
  },
});
