import { refuseWindows, ruleMap } from "../../inner-rules.ts";
import { defineTransform } from "../define-transform.ts";
import { maskPlaces, type Place } from "./mask-places.ts";
import { prepareNamed } from "./named-parts.ts";
import { others, partGuarantees, partProblems, textParts } from "./part-masks.ts";
import { readFields, writeField } from "./record-text.ts";

/**
 * Masks fields of a PostgreSQL composite (row) value by their position from 0: `("1 Main St",Berlin,)` becomes `("8 Elm Row",Berlin,)` with
 * `fields: { 0: fake("location.streetAddress") }`.
 *
 * NULL stays NULL, and what no rule names is copied unless `others` says otherwise. A row that has no field of that position is unsupported. A row
 * within a row is a field for another `maskComposite`, a list of rows an array for `maskArray`.
 */
export const maskComposite = defineTransform({
  name: "maskComposite",
  technique: "pseudonymization",
  accepts: ["other", "text"],
  guarantees: ({ fields }, column) => partGuarantees(Object.values(fields), textParts(column)),
  options: {
    fields: ruleMap({
      describe: "Rules by the field's position, from 0.",
      problem: refuseWindows,
      nameProblem: (name) => (/^(0|[1-9]\d*)$/.test(name) ? null : "is no position"),
    }),
    others: others("fields"),
  },
  checkColumn: ({ fields }, column) => partProblems(Object.values(fields), textParts(column)),
  prepare: async ({ fields, others }, context) => {
    const { masks, placeOf } = await prepareNamed(fields, others, context);
    const last = Math.max(...Object.keys(fields).map(Number));
    return maskPlaces(masks, context.column, (value) => {
      const start = value.length - value.trimStart().length;
      const read = value[start] === "(" ? readFields(value, start + 1, ")") : undefined;
      if (read === undefined || read.fields.length <= last || value.slice(read.end + 1).trim() !== "") return undefined;
      const places: Place[] = [];
      for (const [index, { from, to, text }] of read.fields.entries()) {
        if (text === null) continue;
        const place = placeOf(String(index), from, to, text, writeField);
        if (place === undefined) return undefined;
        if (place !== null) places.push(place);
      }
      return places;
    });
  },
});
