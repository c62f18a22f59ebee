import type { DataSchema, Rule } from "../contracts.ts";
import { compilePlan } from "../plan/compile-plan.ts";
import type { Plan } from "../plan/plan.ts";
import { tableName } from "../table-ref.ts";
import { createRule } from "../transforms/define-transform.ts";
import { keep } from "../transforms/keep.ts";
import { transformByName } from "../transforms/registry.ts";
import { review } from "../transforms/review.ts";
import type { SuggestedRule } from "./classification.ts";
import { type PlacedColumn, placeName } from "./follow-references.ts";

/** One decision, and what else could be decided: columns that must be masked alike are in one. */
export interface Choice {
  /** Columns that are written with the rule; those that follow by a foreign key are not among them. */
  readonly columns: readonly PlacedColumn[];
  /** Masks, best first; none for a column that is kept or up for review. */
  readonly candidates: readonly SuggestedRule[];
  readonly otherwise: "keep" | "review";
}

/** Refusals come in waves: one that was mended uncovers the next. */
const ROUNDS = 12;

/**
 * Takes for each choice the first candidate that the plan of the whole database accepts, keys and references included; null where it accepts none, and a person
 * must decide.
 */
export function fitRules(
  schema: DataSchema,
  names: ReadonlyMap<string, string>,
  choices: readonly Choice[],
  ownerOf: (placed: PlacedColumn) => PlacedColumn,
): ReadonlyMap<Choice, SuggestedRule | null> {
  const positions = new Map<Choice, number>(choices.map((choice) => [choice, nextUsable(choice, 0)]));
  const byPlace = new Map(choices.flatMap((choice) => choice.columns.map((column) => [placeName(column), choice] as const)));
  const placed = new Map(
    schema.tables.flatMap((table) => table.columns.map((column) => [placeName({ table, column }), { table, column }] as const)),
  );
  const taken = (choice: Choice) => choice.candidates[positions.get(choice)!] ?? null;
  for (let round = 0; round < ROUNDS; round++) {
    const refused = new Set<Choice>();
    for (const place of refusedPlaces(compileChoices(schema, names, choices, taken))) {
      const own = byPlace.get(place);
      const column = placed.get(place);
      const choice = own ?? (column === undefined ? undefined : byPlace.get(placeName(ownerOf(column))));
      if (choice !== undefined && taken(choice) !== null) refused.add(choice);
    }
    if (refused.size === 0) break;
    for (const choice of refused) positions.set(choice, nextUsable(choice, positions.get(choice)! + 1));
  }
  return new Map(choices.map((choice) => [choice, taken(choice)]));
}

function compileChoices(
  schema: DataSchema,
  names: ReadonlyMap<string, string>,
  choices: readonly Choice[],
  taken: (choice: Choice) => SuggestedRule | null,
): Plan {
  const tables: Record<string, Record<string, Rule>> = Object.create(null);
  for (const table of schema.tables) tables[names.get(tableName(table.ref))!] = Object.create(null);
  for (const choice of choices) {
    const candidate = taken(choice);
    const rule = (candidate && asRule(candidate)) ?? (choice.otherwise === "keep" ? keep() : review());
    for (const { table, column } of choice.columns) tables[names.get(tableName(table.ref))!]![column.name] = rule;
  }
  return compilePlan({ tables }, schema, { ...schema, tables: [] });
}

function refusedPlaces({ findings }: Plan): readonly string[] {
  return findings.flatMap(({ severity, code, table, column }) =>
    severity === "error" && code !== "REVIEW_NEEDED" && table !== undefined && column !== undefined ? [`${table}.${column}`] : [],
  );
}

function nextUsable({ candidates }: Choice, from: number): number {
  const index = candidates.findIndex((candidate, position) => position >= from && asRule(candidate) !== null);
  return index < 0 ? candidates.length : index;
}

/** Null where the options are none for this transform, as a token longer than it makes them. */
function asRule({ transform, options }: SuggestedRule): Rule | null {
  const found = transformByName(transform);
  if (found === undefined) return null;
  try {
    return createRule(found, options);
  } catch {
    return null;
  }
}
