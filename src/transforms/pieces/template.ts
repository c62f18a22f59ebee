import type { RowBatch } from "../../contracts.ts";
import { json, type OptionSpec } from "../../option-spec.ts";
import { canStandIn } from "../cell-form.ts";
import { ALL_KINDS, defineTransform } from "../define-transform.ts";
import { readTemplate, type TemplatePart, type TemplateSlot } from "./template-text.ts";

const text: OptionSpec<string, false> = {
  kind: "text",
  describe: "The text, with columns in braces: {{masked.first_name | lower}}.{{masked.last_name | first 1}}@example.com.",
  isOptional: false,
  default: undefined,
  problem: (value) => {
    if (typeof value !== "string") return "must be text";
    const read = readTemplate(value);
    return "problem" in read ? read.problem : null;
  },
};

const allowOriginals = json<readonly string[]>({
  kind: "list",
  describe: "Masked columns whose originals the text may show all the same; value: the column's own.",
  optional: true,
  problem: (value) =>
    Array.isArray(value) && value.every((name) => typeof name === "string") ? null : "must be a list of column names",
});

const partsOf = (template: string): readonly TemplatePart[] => {
  const read = readTemplate(template);
  return "parts" in read ? read.parts : [];
};

const slotsOf = (template: string): readonly TemplateSlot[] => partsOf(template).filter((part) => typeof part !== "string");

const columnsFrom = (template: string, from: TemplateSlot["from"]): readonly string[] => [
  ...new Set(slotsOf(template).flatMap((slot) => (slot.from === from ? [slot.column] : []))),
];

/**
 * Writes a text out of columns of the same row, as they leave or as they were:
 * `template({ text: "{{masked.first_name | ascii | lower}}.{{masked.last_name | ascii | lower}}@example.com" })` makes `jane@acme.com` into
 * `mo.brandt@example.com`, where these are the row's masked names.
 *
 * `{{masked.x}}` is what the target gets in x, `{{original.x}}` what the source had, `{{value}}` the column's own original. The plan refuses originals of a column
 * that is masked, which would show them, but for those in `allowOriginals`. Filters: `lower`, `upper`, `trim`, `ascii` (no marks), `slug`, `first n`, `last n`,
 * `pad n "0"` (to the left), `default "text"` (for NULL), `year`, `month`, `day`. NULL without a default, and a text that the column does not hold, are values
 * that it cannot handle. Hint: it does not look at the value itself, so it keeps no joins.
 */
export const template = defineTransform({
  name: "template",
  technique: "substitution",
  accepts: ALL_KINDS,
  unsupported:
    "a row where a column is NULL and has no `default`, what a filter cannot read (`year` of what is no date), and a text that the column does not hold",
  guarantees: {
    deterministic: true,
    uniqueness: { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: "not-promised",
  },
  options: { text, allowOriginals },
  shorthand: "text",
  reads: ({ text }) => columnsFrom(text, "original"),
  readsMasked: ({ text }) => columnsFrom(text, "masked"),
  copiesOriginals: ({ text, allowOriginals = [] }) =>
    columnsFrom(text, "original").filter((column) => !allowOriginals.includes(column)),
  checkColumn: ({ text, allowOriginals = [] }) =>
    slotsOf(text).some(({ from }) => from === "value") && !allowOriginals.includes("value")
      ? ["template shows the column's own originals: allow it by allowOriginals: [value]"]
      : [],
  prepare: ({ text }, { column, other }) => {
    const parts = partsOf(text);
    const positions = parts.map((part) => (typeof part === "string" || part.from === "value" ? -1 : other(part.column).index));
    return (values, batch) => {
      const columns = parts.map((part, index) =>
        typeof part === "string" ? [] : cellsOf(part, positions[index]!, values, batch),
      );
      return values.map((value, row) => {
        if (value === null) return null;
        let written = "";
        for (const [index, part] of parts.entries()) {
          const piece = typeof part === "string" ? part : filtered(part, columns[index]![row]!);
          if (piece === null || piece === undefined) return undefined;
          written += piece;
        }
        const isTooLong = column.maxLength !== null && [...written].length > column.maxLength;
        return isTooLong || !canStandIn(written, column) ? undefined : written;
      });
    };
  },
});

function cellsOf({ from }: TemplateSlot, index: number, own: readonly (string | null)[], batch: RowBatch) {
  if (from === "value") return own;
  return (from === "masked" ? batch.replacement(index) : undefined) ?? batch.column(index);
}

function filtered({ filters }: TemplateSlot, cell: string | null): string | null | undefined {
  let text: string | null | undefined = cell;
  for (const filter of filters) if (text !== undefined) text = filter(text);
  return text;
}
