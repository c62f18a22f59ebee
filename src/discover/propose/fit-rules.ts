import type { DataSchema, Rule } from "../../contracts.ts";
import type { Finding } from "../../errors.ts";
import { compilePlan } from "../../plan/compile-plan.ts";
import type { Plan, TablePlan } from "../../plan/plan.ts";
import { tableName } from "../../table-ref.ts";
import { keep } from "../../transforms/plain/keep.ts";
import { review } from "../../transforms/plain/review.ts";
import { type PlacedColumn, placeName } from "./follow-references.ts";
import { ruleOfSuggestion, type SuggestedRule } from "./suggested-rule.ts";

/** One decision, and what else could be decided: columns that must be masked alike are in one. */
export interface Choice {
  /** Columns that are written with the rule; those that follow by a foreign key are not among them. */
  readonly columns: readonly PlacedColumn[];
  /** Masks, best first; none for a column that is kept. For one that is up for review, what a person may confirm. */
  readonly candidates: readonly SuggestedRule[];
  readonly otherwise: "keep" | "review";
}

/** Tries the masks of a plan as a run would before its first row, and says what is wrong with them. */
export type TryPlan = (plan: Plan) => Promise<readonly Finding[]>;

export interface FitOptions {
  readonly schema: DataSchema;
  /** What the policy calls each table, by `tableName`. */
  readonly names: ReadonlyMap<string, string>;
  readonly ownerOf: (placed: PlacedColumn) => PlacedColumn;
  readonly tryPlan: TryPlan;
}

/** Refusals come in waves: one that was mended uncovers the next. */
const ROUNDS = 24;

/**
 * Takes for each choice the first candidate that the plan of the whole database accepts, keys and references included, and that stands the trial; null where
 * none does, and a person must decide.
 */
export async function fitRules(
  choices: readonly Choice[],
  options: FitOptions,
): Promise<ReadonlyMap<Choice, SuggestedRule | null>> {
  const positions = new Map<Choice, number>(choices.map((choice) => [choice, nextUsable(choice, 0)]));
  const taken = (choice: Choice) => choice.candidates[positions.get(choice)!] ?? null;
  const choiceAt = choicesByPlace(choices, options);
  const isMovable = (choice: Choice | undefined): choice is Choice => choice !== undefined && taken(choice) !== null;
  const triedBefore = new Map<string, string>();
  for (let round = 0; round < ROUNDS; round++) {
    const plan = compileChoices(choices, taken, options);
    const refused = new Set(errorsOf(plan.findings).map(placeOf).map(choiceAt).filter(isMovable));
    // A trial costs more than a look: it is made of what the plan accepts, and of a table only when its masks are others than before.
    if (refused.size === 0)
      for (const finding of errorsOf(await options.tryPlan(untried(plan, triedBefore)))) {
        const choice = choiceAt(placeOf(finding));
        if (isMovable(choice)) refused.add(choice);
      }
    if (refused.size === 0) break;
    for (const choice of refused) positions.set(choice, nextUsable(choice, positions.get(choice)! + 1));
  }
  return new Map(choices.map((choice) => [choice, taken(choice)]));
}

const placeOf = ({ table, column }: Finding) => `${table}.${column}`;

/** Whose rule a column has: its own choice's, or that of the column which its foreign key points to. */
function choicesByPlace(choices: readonly Choice[], { schema, ownerOf }: FitOptions): (place: string) => Choice | undefined {
  const byPlace = new Map(choices.flatMap((choice) => choice.columns.map((column) => [placeName(column), choice] as const)));
  const placed = new Map(
    schema.tables.flatMap((table) => table.columns.map((column) => [placeName({ table, column }), { table, column }] as const)),
  );
  return (place) => {
    const column = placed.get(place);
    return byPlace.get(place) ?? (column === undefined ? undefined : byPlace.get(placeName(ownerOf(column))));
  };
}

function compileChoices(
  choices: readonly Choice[],
  taken: (choice: Choice) => SuggestedRule | null,
  { schema, names }: FitOptions,
): Plan {
  const tables: Record<string, Record<string, Rule>> = Object.create(null);
  for (const table of schema.tables) tables[names.get(tableName(table.ref))!] = Object.create(null);
  for (const choice of choices) {
    const candidate = taken(choice);
    const rule = (candidate && ruleOfSuggestion(candidate)) ?? (choice.otherwise === "keep" ? keep() : review());
    for (const { table, column } of choice.columns) tables[names.get(tableName(table.ref))!]![column.name] = rule;
  }
  return compilePlan({ tables }, schema, { ...schema, tables: [] });
}

/** An open decision is no mistake of a rule. */
function errorsOf(findings: readonly Finding[]): readonly Finding[] {
  return findings.filter(({ severity, code }) => severity === "error" && code !== "REVIEW_NEEDED");
}

/** The tables whose masks have not been tried as they are now, with no word of what is open in them. */
function untried(plan: Plan, triedBefore: Map<string, string>): Plan {
  const tables = plan.tables.filter(({ table, columns }) => {
    const name = tableName(table.ref);
    const masks = signatureOf(columns);
    const isNew = triedBefore.get(name) !== masks;
    triedBefore.set(name, masks);
    return isNew;
  });
  return { ...plan, tables, findings: [] };
}

function signatureOf(columns: TablePlan["columns"]): string {
  return JSON.stringify(
    columns.map(({ column, rule }) => [column.name, rule?.transform.name, rule?.options, rule?.onUnsupported, rule?.domain]),
  );
}

function nextUsable({ candidates }: Choice, from: number): number {
  const index = candidates.findIndex((candidate, position) => position >= from && ruleOfSuggestion(candidate) !== null);
  return index < 0 ? candidates.length : index;
}
