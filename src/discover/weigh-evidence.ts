import type { DataClass } from "../policy/class-names.ts";
import { type NameEvidence, PLACES } from "./recognise/recognise-column-name.ts";
import type { ValueEvidence } from "./recognise/recogniser.ts";

/** What name and values say together. */
export interface Verdict {
  readonly kind: DataClass;
  readonly confidence: number;
  readonly reason: string;
}

/** Below so many distinct values they do not contradict a name. */
const FEW = 4;

/** From here on a name has one sense, unless it is a place's, as `state` and `address`: values that contradict it may be chance, and a person is asked. */
const PLAIN_NAME = 0.75;
/** Enough to ask, and never enough to mask. */
export const ASKED = 0.45;

/** Classes that one name is often used for, so that the values of one speak for the other. */
const ALIKE: readonly (readonly DataClass[])[] = [
  ["nationalId", "taxId", "insuranceNumber", "passport", "drivingLicence"],
  ["firstName", "middleName", "lastName", "maidenName", "fullName"],
  ["streetAddress", "postalAddress", "freeText"],
  ["secret", "sessionId", "password", "passwordHash", "deviceId"],
  ["city", "birthPlace"],
  ["iban", "bankAccount"],
  ["image", "signature", "biometric"],
  ["health", "healthCode"],
];

const isAlike = (one: DataClass, other: DataClass) =>
  one === other || ALIKE.some((group) => group.includes(one) && group.includes(other));

/** Names of people among what a column of titles or brands holds. */
const OF_THINGS = 0.45;

/**
 * The likeliest class, null where nothing speaks for any. A name and values that agree are surer than either; a name that the values contradict counts
 * for little; values that nothing else looks like need no name.
 */
export function weighEvidence(
  named: NameEvidence | null,
  measured: readonly ValueEvidence[],
  distinct: number,
  { isAboutThings = false } = {},
): Verdict | null {
  const evidence = measured.map((one) => (isAboutThings && one.isOfWords ? { ...one, alone: one.alone * OF_THINGS } : one));
  const verdicts = [
    named === null ? null : withValues(likelier(named, evidence), evidence, distinct),
    ...evidence.map((one) => byValuesAlone(one, named, distinct)),
  ].filter((verdict) => verdict !== null);
  return verdicts.reduce<Verdict | null>((best, one) => (best === null || one.confidence > best.confidence ? one : best), null);
}

/** A `name` may be the first or the last alone: the values say which. */
function likelier(named: NameEvidence, evidence: readonly ValueEvidence[]): NameEvidence {
  if (named.kind !== "fullName" || evidence.some(({ kind, alone }) => kind === "fullName" && alone > 0)) return named;
  const half = evidence
    .filter(({ kind, alone, share }) => (kind === "firstName" || kind === "lastName") && alone > 0.5 && share >= 0.6)
    .sort((one, other) => other.alone - one.alone)[0];
  return half === undefined ? named : { ...named, kind: half.kind };
}

function withValues({ kind, strength }: NameEvidence, evidence: readonly ValueEvidence[], distinct: number): Verdict {
  const own = evidence.filter((one) => one.kind === kind);
  const alike = evidence.filter((one) => one.kind !== kind && isAlike(one.kind, kind) && one.alone >= 0.5);
  const agreeing = [...own, ...alike].filter(({ share }) => share >= 0.5).sort((one, other) => other.support - one.support)[0];
  if (distinct === 0) return { kind, confidence: strength * 0.95, reason: `the name says ${kind}; no values were seen` };
  if (agreeing !== undefined) {
    const support = agreeing.support * agreeing.share * (distinct < FEW ? 0.8 : 1);
    // Without a word of its own in the name, agreement of a loose form is not enough.
    const confidence = strength < 0.25 ? strength + support * 0.2 : 1 - (1 - strength) * (1 - support);
    return { kind, confidence, reason: `the name says ${kind}, and ${partOf(agreeing.share)} of the values ${agreeing.says}` };
  }
  const needed = own.filter(({ isNeeded }) => isNeeded);
  if (needed.length > 0 && distinct >= FEW) {
    const share = Math.max(...needed.map((one) => one.share));
    if (share < 0.1)
      return {
        kind,
        confidence: strength >= PLAIN_NAME && !PLACES.includes(kind) ? ASKED : strength * 0.4,
        reason: `the name says ${kind}, but the values do not look like it`,
      };
    return {
      kind,
      confidence: strength * (0.55 + share * 0.6),
      reason: `the name says ${kind}, and ${partOf(share)} of the values look like it`,
    };
  }
  // `race` in an inventory: the word has another sense, and no value is one of those that the class has.
  const isOther =
    strength < 0.7 && kind !== "health" && distinct > 1 && own.some(({ share, least }) => share === 0 && least !== undefined);
  return { kind, confidence: strength * (isOther ? 0.8 : strength < 0.5 ? 0.9 : 0.97), reason: `the name says ${kind}` };
}

function byValuesAlone(
  { kind, share, alone, says, least = 0.02 }: ValueEvidence,
  named: NameEvidence | null,
  distinct: number,
): Verdict | null {
  if (alone === 0 || share < least || distinct === 0) return null;
  const enough = distinct >= FEW ? 1 : distinct >= 2 ? 0.8 : 0.6;
  // A few mail addresses among other things are still mail addresses.
  const weight = share >= 0.8 ? 1 : share >= 0.5 ? 0.85 : share >= 0.1 ? 0.65 : 0.5;
  const isOther = named !== null && named.strength >= 0.9 && !isAlike(named.kind, kind);
  const confidence = alone * (alone >= 0.9 ? Math.max(enough, 0.85) : enough) * weight * (isOther ? 0.95 : 1);
  return { kind, confidence, reason: `${partOf(share)} of the values ${says}` };
}

function partOf(share: number): string {
  return share >= 0.995 ? "all" : `${Math.max(1, Math.round(share * 100))}%`;
}
