import { integer, type OptionsValue, text } from "../../option-spec.ts";
import { defineTransform, eachValue } from "../define-transform.ts";

const OPTIONS = {
  keepFirst: integer({ describe: "Leading characters that stay readable.", default: 0, min: 0 }),
  keepLast: integer({ describe: "Trailing characters that stay readable.", default: 0, min: 0 }),
  fill: text({ describe: "What replaces each character.", default: "*", minLength: 1 }),
  length: integer({ describe: "Fill characters in every output, which then hides the length.", optional: true, min: 1 }),
} as const;

type Options = OptionsValue<typeof OPTIONS>;

/**
 * Replaces the characters of a value: with `keepLast: 4`, `4111111111111111` becomes `************1111`.
 *
 * A value shorter than twice what would be kept is redacted whole. Shows the length to whoever sees the copy, unless `length` fixes it.
 * Characters are code points. Hint: to keep joins, use `tokenize`; for columns of another kind than text, `nullify` or `constant`.
 */
export const redact = defineTransform({
  name: "redact",
  technique: "suppression",
  accepts: ["text"],
  guarantees: ({ fill, length }) => ({
    deterministic: true,
    uniqueness: { kind: "lossy" },
    reversible: false,
    preservesLength: length === undefined && [...fill].length === 1,
    changesInput: "always",
  }),
  fixedPoints: {
    description: "an empty string, and a value that looks redacted already",
    isFixed: (value, options: Options) => redacted(value, options) === value,
  },
  options: OPTIONS,
  maxOutputLength: ({ keepFirst, keepLast, fill, length }, { maxLength }) => {
    const unit = [...fill].length;
    if (length !== undefined) return keepFirst + keepLast + length * unit;
    return unit === 1 || maxLength === null ? null : maxLength * unit;
  },
  prepare: (options) => eachValue((value) => redacted(value, options)),
});

/** A length counts the characters that are filled in, beside those that are kept. */
function redacted(value: string, { keepFirst, keepLast, fill, length }: Options): string {
  if (value === "") return value;
  if (keepFirst + keepLast === 0 && length !== undefined) return fill.repeat(length);
  const characters = [...value];
  const count = characters.length;
  if (count < 2 * (keepFirst + keepLast)) return fill.repeat(length ?? count);
  const filled = fill.repeat(length ?? count - keepFirst - keepLast);
  return characters.slice(0, keepFirst).join("") + filled + characters.slice(count - keepLast).join("");
}
