import type { Column, Rule } from "../../contracts.ts";
import { refuseWindows, ruleMap } from "../../inner-rules.ts";
import { defineTransform } from "../define-transform.ts";
import { maskPlaces } from "./mask-places.ts";
import { prepareNamed } from "./named-parts.ts";
import { others, partGuarantees, partProblems, textParts } from "./part-masks.ts";
import { partsOfType } from "./part-types.ts";
import { readFields, writeField } from "./record-text.ts";

type Fields = { readonly [name: string]: Rule };

/**
 * Masks fields of a PostgreSQL composite (row) value by their name or their position from 0: `("1 Main St",Berlin,)` becomes `("8 Elm Row",Berlin,)` with
 * `fields: { street: fake("location.streetAddress") }`.
 *
 * NULL stays NULL, and what no rule names is copied unless `others` says otherwise. A row that has no field of that position is unsupported. Names are known where
 * the source is PostgreSQL, for a column of rows and the rows of an array (`maskArray`); a row within a row is a field for another `maskComposite`, by positions.
 */
export const maskComposite = defineTransform({
  name: "maskComposite",
  technique: "pseudonymization",
  accepts: ["other", "text"],
  unsupported:
    "what is no row, a row with fewer fields than a rule asks for, a field that its rule cannot handle, and what becomes too long for its column",
  guarantees: ({ fields }, column) => partGuarantees(Object.values(fields), textParts(column)),
  options: {
    fields: ruleMap({ describe: "Rules by the field's name, or by its position from 0.", problem: refuseWindows }),
    others: others("fields"),
  },
  checkColumn: ({ fields }, column) => {
    const problems = Object.keys(fields).flatMap((name) => nameProblem(name, fields, column) ?? []);
    if (problems.length > 0) return problems;
    return Object.entries(fields).flatMap(([name, rule]) => partProblems([rule], partsOf(positionOf(name, column)!, column)));
  },
  prepare: async ({ fields, others }, context) => {
    const { column } = context;
    const placed = Object.entries(fields).map(([name, rule]) => [positionOf(name, column) ?? -1, rule] as const);
    const { masks, placePart } = await prepareNamed(Object.fromEntries(placed), others, context, (position) =>
      partsOf(Number(position), column),
    );
    const last = Math.max(...placed.map(([position]) => position));
    return maskPlaces(masks, column, (value, places) => {
      const start = value.length - value.trimStart().length;
      const read = value[start] === "(" ? readFields(value, start + 1, ")") : undefined;
      if (read === undefined || read.fields.length <= last || value.slice(read.end + 1).trim() !== "") return false;
      return read.fields.every(
        ({ from, to, text }, index) => text === null || placePart(places, String(index), from, to, text, writeField),
      );
    });
  },
});

const POSITION = /^(?:0|[1-9]\d*)$/;

/** A field that is called `0` goes by its name. */
function positionOf(name: string, { fields = [] }: Column): number | undefined {
  const named = fields.findIndex((field) => field.name === name);
  if (named >= 0) return named;
  return POSITION.test(name) ? Number(name) : undefined;
}

function nameProblem(name: string, rules: Fields, column: Column): string | null {
  const known = column.fields?.map((field) => field.name);
  const position = positionOf(name, column);
  if (position === undefined) {
    return known === undefined
      ? `nobody tells here which field is ${name}: name fields by their positions, from 0`
      : `the rows have no field ${name}; there are: ${known.join(", ")}`;
  }
  if (known !== undefined && position >= known.length) return `the rows have ${known.length} fields, and none at ${position}`;
  const first = Object.keys(rules).find((other) => positionOf(other, column) === position);
  return first === name ? null : `${first} and ${name} are one field, which has two rules`;
}

function partsOf(position: number, column: Column): readonly Column[] {
  const field = column.fields?.[position];
  return field === undefined ? textParts(column) : partsOfType(column, field.type);
}
