import type { Column } from "../contracts.ts";
import { orderOfDates } from "../transforms/written-date.ts";
import type { Classification, ColumnSample } from "./classification.ts";
import { isAboutPeople, isAboutThings, type NameEvidence, recogniseColumnName } from "./recognise-column-name.ts";
import type { Recogniser, ValueEvidence } from "./recogniser.ts";
import { loadRecognisers } from "./recognisers.ts";
import { datesAsWritten } from "./rules-for-class.ts";
import { distinctValues } from "./sampled-values.ts";
import { suggestRule } from "./suggest-rule.ts";
import { unwrapValues } from "./unwrap-values.ts";
import { weighEvidence } from "./weigh-evidence.ts";

/** From here on a column is masked without asking. */
const SURE = 0.6;
/** From here on a person is asked. */
const THINKABLE = 0.4;

/** Says of one column after the other what it holds. */
export type ClassifyColumn = (sample: ColumnSample) => Classification;

/** Loads libraries and name lists once, for as many columns as there are. */
export async function loadClassifier(): Promise<ClassifyColumn> {
  const recognisers = await loadRecognisers();
  return (sample) => classify(sample, recognisers);
}

/**
 * Says what a column holds and what to do about it, by its name, its type and its values together. Reads nothing and writes nothing; the reason quotes
 * no value. Hint: for many columns, `loadClassifier` loads its lists once.
 */
export async function classifyColumn(sample: ColumnSample): Promise<Classification> {
  return (await loadClassifier())(sample);
}

function classify({ table, column, neighbours, values }: ColumnSample, recognisers: readonly Recogniser[]): Classification {
  if (column.kind === "boolean") return kept(0.9, "true or false tells nobody");
  const beside = neighbours ?? table.columns.map(({ name }) => name);
  const seen = distinctValues(values);
  const named = believable(recogniseColumnName(column.name, table.ref.name, beside), column);
  const evidence = measureAll(recognisers, column, seen);
  const verdict = weighEvidence(named, evidence, seen.length, { isAboutThings: isAboutThings(column.name) });
  if (verdict !== null && verdict.confidence >= THINKABLE) {
    const { kind, confidence, reason } = verdict;
    const rule = suggestRule(
      kind,
      table,
      column,
      kind === "birthDate" && column.kind === "text" ? datesAsWritten(orderOfDates(seen)) : [],
    );
    const decision = confidence >= SURE && rule !== null ? "mask" : "review";
    return {
      kind,
      confidence: rounded(confidence),
      decision,
      reason: rule === null ? `${reason}; no rule fits the column` : reason,
      rule,
    };
  }
  if (seen.length === 0) return unseen(column, isAboutPeople(table.ref.name));
  const doubt = verdict?.confidence ?? 0;
  return kept(rounded(Math.min(0.95, 1 - doubt)), harmlessReason(column, seen.length, doubt > 0.2 ? verdict!.reason : null));
}

function measureAll(recognisers: readonly Recogniser[], { kind }: Column, seen: readonly string[]): readonly ValueEvidence[] {
  if (seen.length === 0) return [];
  const found = recognisers.flatMap(({ accepts = ["text"], measure }) => (accepts.includes(kind) ? (measure(seen) ?? []) : []));
  const inner = unwrapValues(kind, seen);
  if (inner === null) return found;
  const within = recognisers.flatMap(({ accepts = ["text"], measure }) =>
    accepts.includes("text") ? (measure(inner.values) ?? []) : [],
  );
  return [...found, ...within.map((one) => ({ ...one, says: `${one.says}, ${inner.from}` }))];
}

/** A name of a class that the column's type cannot hold says nothing: a `phone` that is a date. */
function believable(named: NameEvidence | null, { kind, type }: Column): NameEvidence | null {
  if (named === null) return null;
  const isTime = kind === "date" || kind === "timestamp" || kind === "time" || kind === "interval";
  if (isTime) return ["birthDate", "cardExpiry", "age"].includes(named.kind) ? named : null;
  if (kind === "uuid") return ["secret", "sessionId", "deviceId"].includes(named.kind) ? named : null;
  if (kind === "network") return { kind: /mac/i.test(type) ? "macAddress" : "ipAddress", strength: 0.9 };
  const isNumber = kind === "integer" || kind === "decimal" || kind === "float";
  if (isNumber && !OF_NUMBERS.has(named.kind)) return null;
  return named;
}

const OF_NUMBERS: ReadonlySet<string> = new Set(
  "phone postcode coordinates birthDate age nationalId taxId passport drivingLicence insuranceNumber bankAccount cardNumber cardCvv cardExpiry income imei password healthCode gender religion ethnicity maritalStatus health ipAddress deviceId".split(
    " ",
  ),
);

function unseen({ kind }: Column, isOfPeople: boolean): Classification {
  const isOpen = ["text", "json", "xml", "bytes", "array", "other"].includes(kind);
  if (isOpen && isOfPeople)
    return {
      kind: null,
      confidence: 0.3,
      decision: "review",
      reason: "no values were seen, and the table is about people",
      rule: null,
    };
  return kept(isOpen ? 0.5 : 0.7, "nothing personal in the name; no values were seen");
}

function harmlessReason({ kind }: Column, count: number, doubt: string | null): string {
  if (doubt !== null) return `nothing personal found: ${doubt}`;
  const what = kind === "uuid" ? "identifier" : kind === "text" ? "text" : "value";
  return `nothing personal in the name or in ${count === 1 ? `the one ${what} seen` : `${count} distinct ${what}s`}`;
}

function kept(confidence: number, reason: string): Classification {
  return { kind: null, confidence, decision: "keep", reason, rule: null };
}

const rounded = (confidence: number) => Math.round(Math.min(confidence, 0.99) * 100) / 100;
