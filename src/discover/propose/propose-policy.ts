import type { DataSchema, Table } from "../../contracts.ts";
import { tableName } from "../../table-ref.ts";
import { classifyColumn } from "../classify-column.ts";
import { withTermsOfRow } from "../recognise/terms-of-row.ts";
import { repeatsIdentity } from "../repeats-identity.ts";
import type { Samples } from "../sample-tables.ts";
import { type Choice, fitRules, type TryPlan } from "./fit-rules.ts";
import { followReferences, type PlacedColumn, placeName } from "./follow-references.ts";
import type { Proposal, ProposedColumn } from "./proposal.ts";
import { rulesForClass } from "./rules-for-class.ts";
import { shareIdentities } from "./share-identities.ts";
import { type Draft, type SuggestedReference, suggestReferences } from "./suggest-references.ts";
import type { SuggestedRule } from "./suggested-rule.ts";

/**
 * Proposes a decision for every column of a source, by its name, type, keys and sampled values: a policy that the plan accepts but for what is up for review.
 *
 * The proposal is a beginning: it guesses, says how sure it is, and holds no value of a row. With `tryPlan`, masks are also tried, as a run does before its first
 * row, and one that fails is not proposed.
 */
export async function proposePolicy(schema: DataSchema, samples: Samples, tryPlan: TryPlan = async () => []): Promise<Proposal> {
  const ownerOf = followReferences(schema);
  const columns: Draft[] = [];
  for (const table of schema.tables) {
    for (const column of table.columns)
      columns.push({ table, column, proposed: await draft({ table, column }, ownerOf, samples) });
  }
  const repeated = repeatsIdentity(columns, samples);
  const drafts = columns.map((one) => ({ ...one, proposed: repeated.get(one) ?? one.proposed }));
  const references = suggestReferences(drafts, samples);
  const choices = new Map(shareIdentities(choicesOf(drafts, references)).map((choice) => [choice.of, choice]));
  const names = policyNames(schema);
  const fitted = await fitRules([...choices.values()], { schema: withCounts(schema, samples), names, ownerOf, tryPlan });
  const byDraft = new Map(
    [...choices.values()].flatMap((choice) =>
      choice.drafts.map((one) => [one, decide(one, choice, fitted.get(choice)!)] as const),
    ),
  );
  return {
    system: schema.system,
    notes: samples.notes,
    tables: schema.tables.map((table) => ({
      name: names.get(tableName(table.ref))!,
      table,
      columns: drafts.filter((one) => one.table === table).map((one) => byDraft.get(one) ?? one.proposed),
    })),
  };
}

/** What a policy calls each table, by `tableName`: with its schema where the bare name could be another's. */
export function policyNames({ tables }: DataSchema): ReadonlyMap<string, string> {
  return new Map(
    tables.map(({ ref }) => {
      const isAlone = tables.filter((other) => other.ref.name === ref.name).length === 1;
      const name = tableName(ref);
      return [name, isAlone || ref.schema === null ? name : `${ref.schema}.${ref.name}`];
    }),
  );
}

/** A file does not tell its rows before it is read; a sample that is all of it does, and a rule may need more than there are. */
function withCounts(schema: DataSchema, samples: Samples): DataSchema {
  const counted = (table: Table): Table => {
    const [first] = table.columns.filter(({ isGenerated }) => !isGenerated);
    if (table.rowEstimate !== null || first === undefined || !samples.isWhole(table)) return table;
    return { ...table, rowEstimate: samples.values(table, first.name).length };
  };
  return { ...schema, tables: schema.tables.map(counted) };
}

async function draft(
  placed: PlacedColumn,
  ownerOf: (placed: PlacedColumn) => PlacedColumn,
  samples: Samples,
): Promise<ProposedColumn> {
  const { table, column } = placed;
  const settled = { column, kind: null, confidence: 1, rule: null, sharesWith: null };
  if (column.isGenerated) return { ...settled, decision: "generated", reason: "the server computes it" };
  const owner = ownerOf(placed);
  if (owner.column !== column) return { ...settled, decision: "inherit", reason: `references ${placeName(owner)}` };
  const values = samples.values(table, column.name);
  return { column, sharesWith: null, ...(await classifyColumn({ table, column, values })) };
}

interface DraftedChoice extends Choice {
  readonly of: Draft;
  readonly drafts: readonly Draft[];
  readonly references: readonly SuggestedReference[];
}

/** A choice for each column that has a rule of its own, together with those that point to it without a foreign key. */
function choicesOf(drafts: readonly Draft[], references: readonly SuggestedReference[]): readonly DraftedChoice[] {
  const pointing = new Set(references.map(({ from }) => from));
  return drafts.flatMap((of): DraftedChoice[] => {
    const { decision } = of.proposed;
    if (decision === "inherit" || decision === "generated" || pointing.has(of)) return [];
    const own = references.filter(({ to }) => to === of);
    const columns = [of, ...own.map(({ from }) => from)];
    const domain = own.length === 0 ? {} : { domain: placeName(of) };
    const candidates = candidatesOf(of, drafts).map(({ transform, options }) => ({
      transform,
      options: { ...options, ...domain },
    }));
    return [{ of, drafts: columns, columns, candidates, references: own, otherwise: decision === "keep" ? "keep" : "review" }];
  });
}

function candidatesOf(draft: Draft, drafts: readonly Draft[]): readonly SuggestedRule[] {
  const { table, column, proposed } = draft;
  const { decision, kind, rule } = proposed;
  if ((decision !== "mask" && decision !== "review") || rule === null) return [];
  const isUnique = table.uniqueKeys.some(({ columns }) => columns.includes(column.name));
  const others = kind === null ? [] : [...rulesForClass(kind, column, isUnique), ...rulesForClass(kind, column, true)];
  // What was refused once must not be proposed again.
  return [...new Map([withTermsOfRow(rule, draft, drafts), rule, ...others].map((one) => [JSON.stringify(one), one])).values()];
}

function decide(draft: Draft, { of, references }: DraftedChoice, rule: SuggestedRule | null): ProposedColumn {
  const { proposed } = draft;
  if (of.proposed.decision === "review") return { ...proposed, rule };
  if (of.proposed.decision !== "mask") return proposed;
  const reference = references.find(({ from }) => from === draft);
  const kind = of.proposed.kind;
  const reason = reference === undefined ? proposed.reason : sharedReason(reference);
  const confidence = reference === undefined ? proposed.confidence : (reference.share ?? proposed.confidence);
  const sharesWith = reference === undefined ? null : placeName(of);
  if (rule !== null) return { ...proposed, decision: "mask", kind, confidence, reason, rule, sharesWith };
  return { ...proposed, decision: "review", kind, confidence, reason: `${reason}; no mask fits its type and keys`, rule: null };
}

function sharedReason({ to, share }: SuggestedReference): string {
  const why = share === null ? "by its name" : `by ${Math.round(share * 100)} % of its sampled values`;
  return `seems to point to ${placeName(to)} (${why}), though no foreign key says so: shares its domain, please confirm`;
}
