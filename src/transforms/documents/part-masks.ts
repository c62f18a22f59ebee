import { bareColumn } from "../../bare-column.ts";
import type { Column, ColumnContext, ColumnKind, Guarantees, MaskParts, Rule } from "../../contracts.ts";
import { innerGuarantees } from "../../inner-rules.ts";
import { choice } from "../../option-spec.ts";
import { counted } from "../../written-numbers.ts";
import { ALL_KINDS } from "../define-transform.ts";

/** What becomes of the parts that no rule names. */
export const others = (what: string) =>
  choice({
    describe: `What becomes of ${what} that no rule names, new ones too: "keep" copies them, whatever they hold; "redact" makes them stars, 0 or false; "fail" makes the value one that the transform cannot handle.`,
    choices: ["keep", "redact", "fail"],
    default: "keep",
  });

/** The column that a part of a column's values would have, were it a value of its own. */
export function partOf({ name, charset }: Column, kind: ColumnKind, given: Partial<Column> = {}): Column {
  return bareColumn(name, kind, { ...(charset !== undefined && { charset }), ...given });
}

/** A part of which nothing is known but its text: as text, or as the first kind that the rule takes. */
export function textParts(column: Column): readonly Column[] {
  return ["text" as const, "decimal" as const, ...ALL_KINDS].map((kind) => partOf(column, kind));
}

/** The first of these columns that a rule can mask, undefined where it can mask none. */
export function partFor(rule: Rule, parts: readonly Column[]): Column | undefined {
  return parts.find((part) => partProblem(rule, part) === null);
}

/** What is wrong with rules that can mask none of the columns which a part may have. */
export function partProblems(rules: readonly Rule[], parts: readonly Column[]): readonly string[] {
  return rules.flatMap((rule) => (partFor(rule, parts) === undefined ? [partProblem(rule, parts[0]!)!] : []));
}

function partProblem({ transform, options }: Rule, part: Column): string | null {
  if (!transform.accepts.includes(part.kind)) return `${transform.name} cannot mask a part of type ${part.type}`;
  const longest = transform.maxOutputLength(options, part);
  if (longest !== null && part.maxLength !== null && longest > part.maxLength)
    return `${transform.name} gives up to ${counted(longest, "character")} for a part of type ${part.type}`;
  return transform.checkColumn(options, part)[0] ?? null;
}

/** Prepares rules, each for the first of the columns that it can mask. */
export async function prepareParts(
  rules: readonly Rule[],
  parts: readonly Column[],
  { inner }: ColumnContext,
): Promise<readonly MaskParts[]> {
  return Promise.all(rules.map((rule) => inner(rule, partFor(rule, parts) ?? parts[0]!)));
}

/** What can be promised of a value of which rules mask parts: others stay, and parts may be NULL or absent. */
export function partGuarantees(rules: readonly Rule[], parts: readonly Column[]): Guarantees {
  return {
    deterministic: rules.every((rule) => innerGuarantees(rule, partFor(rule, parts) ?? parts[0]!).deterministic),
    uniqueness: { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: "not-promised",
  };
}
