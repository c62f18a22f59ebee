import type { Column, ColumnKind } from "../contracts.ts";
import type { DataClass } from "../policy/class-names.ts";
import type { Classification, ColumnSample } from "./classification.ts";
import { type Carried, rulesForValues } from "./propose/rules-for-values.ts";
import { suggestPart, suggestRule } from "./propose/suggest-rule.ts";
import {
  isAboutPeople,
  isAboutThings,
  isFactAboutPerson,
  type NameEvidence,
  PLACES,
  recogniseColumnName,
  showsThings,
} from "./recognise/recognise-column-name.ts";
import { isVersionName } from "./recognise/recognise-network-address.ts";
import type { Recogniser, ValueEvidence } from "./recognise/recogniser.ts";
import { loadRecognisers } from "./recognise/recognisers.ts";
import { distinctValues } from "./recognise/sampled-values.ts";
import { fieldsOfRow, unwrapValues } from "./recognise/unwrap-values.ts";
import { ASKED, weighEvidence } from "./weigh-evidence.ts";
import { loadNameLists, type NameLists } from "./words/name-lists.ts";

/** From here on a column is masked without asking. */
const SURE = 0.6;
/** From here on a person is asked. */
const THINKABLE = 0.4;

/** Says of one column after the other what it holds. */
export type ClassifyColumn = (sample: ColumnSample) => Classification;

/** Loads libraries and name lists once, for as many columns as there are. */
export async function loadClassifier(): Promise<ClassifyColumn> {
  const [recognisers, lists] = await Promise.all([loadRecognisers(), loadNameLists()]);
  return (sample) => classify(sample, recognisers, lists);
}

/**
 * Says what a column holds and what to do about it, by its name, its type and its values together. Reads nothing and writes nothing; the reason quotes
 * no value. Hint: for many columns, `loadClassifier` loads its lists once.
 */
export async function classifyColumn(sample: ColumnSample): Promise<Classification> {
  return (await loadClassifier())(sample);
}

function classify(
  { table, column, neighbours, values, isPart = false }: ColumnSample,
  recognisers: readonly Recogniser[],
  lists: NameLists,
): Classification {
  const beside = neighbours ?? table.columns.map(({ name }) => name);
  const seen = distinctValues(values);
  const inType = namedByType(column, seen);
  const ownName = recogniseColumnName(inType ?? column.name, table.ref.name, beside);
  const named = believable(ownName, column, seen);
  if (column.kind === "boolean" && named === null) return kept(0.9, "true or false tells nobody");
  const own = measureAll(recognisers, column.kind, seen).filter((one) => isOfColumn(one, column));
  const carried = unwrapValues(column.kind, seen).map((inner): Carried => {
    const measured = measureAll(recognisers, "text", inner.values).map((one) => ({ ...one, says: `${one.says}, ${inner.from}` }));
    return { inner, evidence: measured.filter((one) => isOfColumn(one, column)) };
  });
  const evidence = [...own, ...carried.flatMap((one) => one.evidence)];
  const verdict = weighEvidence(named, evidence, seen.length, { isAboutThings: isAboutThings(column.name) });
  if (verdict !== null && verdict.confidence >= THINKABLE) {
    const { kind, confidence, reason } = verdict;
    const better = rulesForValues(
      { kind, table, column, evidence: own, carried, seen },
      (sample) => classify(sample, recognisers, lists),
      lists,
    );
    const rule = (isPart ? suggestPart : suggestRule)(kind, table, column, better);
    const decision = confidence >= SURE && rule !== null ? "mask" : "review";
    return {
      kind,
      confidence: rounded(confidence),
      decision,
      reason: rule === null ? `${reason}; no rule fits the column` : reason,
      rule,
    };
  }
  if (ownName !== null && ownName.strength >= THINKABLE && !canHold(column.kind, ownName.kind))
    return unheld(ownName, column.kind);
  if (seen.length === 0) return unseen(column, isAboutPeople(table.ref.name));
  const doubt = verdict?.confidence ?? 0;
  return kept(rounded(Math.min(0.95, 1 - doubt)), harmlessReason(column, seen.length, doubt > 0.2 ? verdict!.reason : null));
}

function measureAll(recognisers: readonly Recogniser[], kind: ColumnKind, seen: readonly string[]): readonly ValueEvidence[] {
  if (seen.length === 0) return [];
  return recognisers.flatMap(({ accepts = ["text"], measure }) => (accepts.includes(kind) ? (measure(seen) ?? []) : []));
}

/** What the column's name takes the sense from: pictures of things, numbers of releases. */
function isOfColumn({ kind }: ValueEvidence, { name }: Column): boolean {
  return !(kind === "image" && showsThings(name)) && !(kind === "ipAddress" && isVersionName(name));
}

/** The name of a column whose type has a name of its own to add: a composite `addr`. */
function namedByType({ kind, name, type }: Column, seen: readonly string[]): string | null {
  return kind === "other" && seen.length > 0 && seen.every((value) => fieldsOfRow(value).length > 1)
    ? `${name} ${type.slice(type.lastIndexOf(".") + 1)}`
    : null;
}

/** Types of places on a plane or on the earth: the values tell which. */
const POINT_TYPE = /^(?:point|geometry|geography)\b/i;

/** A name of a class that the column's type cannot hold says nothing: a `phone` that is a date. */
function believable(named: NameEvidence | null, { kind, type }: Column, seen: readonly string[]): NameEvidence | null {
  if (kind === "other" && POINT_TYPE.test(type)) return named ?? { kind: "coordinates", strength: 0.5 };
  if (named === null) return null;
  if (kind === "boolean") return isFactAboutPerson(named.kind) ? named : null;
  // A street has a name or a longer number; `ship_via` is how, not where.
  if (named.kind === "streetAddress" && seen.length > 0 && seen.every((value) => /^\d$/.test(value))) return null;
  if (kind === "network") return { kind: /mac/i.test(type) ? "macAddress" : "ipAddress", strength: 0.9 };
  return canHold(kind, named.kind) ? named : null;
}

/** Whether values of a class can stand in a column of a kind. */
function canHold(kind: ColumnKind, wanted: DataClass): boolean {
  switch (kind) {
    case "date":
    case "timestamp":
    case "time":
    case "interval":
      return wanted === "birthDate" || wanted === "cardExpiry" || wanted === "age";
    case "uuid":
      return wanted === "secret" || wanted === "sessionId" || wanted === "deviceId";
    case "integer":
    case "decimal":
    case "float":
      return OF_NUMBERS.has(wanted);
    default:
      return true;
  }
}

/**
 * A time beside somebody's phone is when it was called. A number or a UUID under such a name stands for what it names, by a code or a reference, or counts it:
 * where the name has one sense, and is no place's (`ship_via`, `state`), a person is asked.
 */
function unheld({ kind: named, strength }: NameEvidence, kind: ColumnKind): Classification {
  const isTime = kind === "date" || kind === "timestamp" || kind === "time" || kind === "interval";
  const reason = `the name says ${named}, which no ${kind} is`;
  if (isTime || strength < SURE || PLACES.includes(named)) return kept(0.7, reason);
  return {
    kind: named,
    confidence: ASKED,
    decision: "review",
    reason: `${reason}: does it stand for one, as a code or a reference?`,
    rule: null,
  };
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
