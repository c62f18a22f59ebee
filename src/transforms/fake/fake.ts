import type { Column, ColumnContext, MaskColumn, Rule } from "../../contracts.ts";
import { ALL_KINDS, createRule, defineTransform, EMPTY_STAYS } from "../define-transform.ts";
import { prepareIn, refusal } from "./fake-mask.ts";
import { composedProduct, domainOf, type FakeOptions, isIdentifier, OPTIONS, type Options } from "./fake-options.ts";
import type { FakePath } from "./fake-paths.ts";
import { maskByScript } from "./fake-script.ts";
import { TAIL_BITS } from "./fake-tail.ts";

const definition = defineTransform({
  name: "fake",
  technique: "substitution",
  accepts: ALL_KINDS,
  unsupported:
    "a value for which faker gives what the column does not hold, and with `keepScript` one in a script for which it has no such data",
  guarantees: (options) => ({
    deterministic: true,
    uniqueness: options.unique || isIdentifier(options) ? { kind: "unlikely-lost", bits: TAIL_BITS } : { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: composedProduct(options) ? "always" : "not-promised",
  }),
  fixedPoints: EMPTY_STAYS,
  isKeyed: true,
  usesFaker: true,
  options: OPTIONS,
  shorthand: "path",
  defaultDomain: domainOf,
  maxOutputLength: (_, column) => column.maxLength,
  checkColumn,
  prepare,
});

/**
 * Puts a plausible stand-in in the place of a value, by any method of faker: `fake("internet.email")` makes `jane@acme.com` into
 * `mo.brandt@example.net`, the same one for the same value and key everywhere.
 *
 * Two values may get the same fake; `unique: true` adds 13 characters that keep them apart, where the form has room for them. Mail addresses end in
 * a domain of RFC 2606, so that nobody gets the mail. Phone numbers are of ranges kept for fiction in the USA, Canada, the UK, Australia, France and Germany;
 * elsewhere they may be somebody's. `keepScript` keeps Latin, Cyrillic, Greek, Hebrew, Arabic, Devanagari, Chinese, Japanese and Korean letters each among
 * themselves; what faker has no data for in a value's script is unsupported. `keepLengthClass` draws among stand-ins of 1–3, 4–5, 6–8, 9–12, 13–20 or
 * more characters, as the value has, and where there is none, of the nearest class; it shows that class. "Past" and "recent" are relative to 2025-01-01.
 * Outputs depend on the exact version of faker.
 * Hint: for card, account and identity numbers, use `encryptDigits`; for keys, `tokenize`.
 */
export const fake = Object.assign(
  <Path extends FakePath>(path: Path, options: FakeOptions<Path> = {}): Rule =>
    createRule(definition.transform, { path, ...options }),
  { transform: definition.transform },
);

async function prepare(options: Options, context: ColumnContext): Promise<MaskColumn> {
  const [problem] = checkColumn(options, context.column);
  if (problem !== undefined) throw refusal(context, problem);
  const usual = await prepareIn(options, context);
  if (!options.keepScript) return usual;
  return maskByScript(options.locale, usual, (locale) => prepareIn({ ...options, locale }, context));
}

/** What a stand-in of the value's length cannot be. */
function lengthProblems(options: Options, { kind, type }: Column): string[] {
  if (!options.keepLengthClass) return [];
  const problems: string[] = [];
  if (options.unique || isIdentifier(options))
    problems.push("a unique fake has the length that its 64 keyed bits need: leave out unique or keepLengthClass");
  if (kind !== "text" && kind !== "other")
    problems.push(`keepLengthClass counts characters of text, and the column is of type ${type}`);
  return problems;
}

function checkColumn(options: Options, column: Column): readonly string[] {
  const { path, unique } = options;
  const product = composedProduct(options);
  const problems = lengthProblems(options, column);
  if (product === undefined) return problems;
  if (!["text", "json", "other"].includes(column.kind))
    problems.push(`fake("${path}") gives text, and the column is of type ${column.type}`);
  const shortest = unique ? product.shortestUnique : product.shortest;
  if (shortest === null)
    problems.push(`fake("${path}") has no form that could be made unique: use tokenize, or encryptDigits for numbers`);
  else if (column.maxLength !== null && column.maxLength < shortest)
    problems.push(
      `a ${unique ? "unique " : ""}fake("${path}") has at least ${shortest} characters, and the column holds ${column.maxLength}`,
    );
  return problems;
}
