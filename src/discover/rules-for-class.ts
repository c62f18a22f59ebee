import type { Column } from "../contracts.ts";
import type { DataClass } from "../policy/class-names.ts";
import type { WrittenOrder } from "../transforms/dates/written-date.ts";
import type { FakePath } from "../transforms/fake/fake-paths.ts";
import { suggested as rule, type SuggestedRule } from "./suggested-rule.ts";

const faked = (path: FakePath) => rule("fake", { path });
const fakedUnique = (path: FakePath) => rule("fake", { path, unique: true });

/** Digits stay digits; what has none becomes stars instead of stopping the run. */
const DIGITS = rule("encryptDigits", { onUnsupported: "redact" });
const DIGITS_OR_STOP = rule("encryptDigits");
const STARS = rule("redact");
const TOKEN = rule("tokenize");
const SCRAMBLED = rule("scramble", { onUnsupported: "redact" });
const SCRAMBLED_OR_STOP = rule("scramble");
const EMPTIED = rule("nullify");
const DEALT = rule("shuffle");
const MOVED_DAY = rule("shiftDates", { days: 180 });
/** A text may hold what is no ISO date. */
const MOVED_DAY_OR_STARS = rule("shiftDates", { days: 180, onUnsupported: "redact" });
/** A date that is none, as `0000-00-00`. */
const MOVED_DAY_OR_NOTHING = rule("shiftDates", { days: 180, onUnsupported: "nullify" });
const NOISE = rule("addNoise", { ratio: 0.1 });

const emptyValues = ["", 0, "1970-01-01", "00:00:00", "{}", "<empty/>", "\\x", false].map((value) => rule("constant", { value }));

/** Tokens as long as a short column allows. */
const shortTokens = [16, 12, 10, 8].map((length) => rule("tokenize", { length }));

/** What masks each class, the most useful first. The plan takes the first that the column can hold. */
const PREFERRED: Readonly<Record<DataClass, readonly SuggestedRule[]>> = {
  firstName: [faked("person.firstName")],
  middleName: [faked("person.middleName")],
  lastName: [faked("person.lastName")],
  maidenName: [faked("person.lastName")],
  fullName: [faked("person.fullName")],
  userName: [faked("internet.username")],
  email: [faked("internet.email")],
  phone: [faked("phone.number"), DIGITS],
  streetAddress: [faked("location.streetAddress")],
  postalAddress: [faked("location.streetAddress")],
  city: [faked("location.city")],
  region: [DEALT],
  postcode: [DIGITS, faked("location.zipCode")],
  coordinates: [rule("addNoise", { amount: 0.5 })],
  birthDate: [MOVED_DAY_OR_STARS, MOVED_DAY, MOVED_DAY_OR_NOTHING, rule("addNoise", { amount: 5 })],
  birthPlace: [faked("location.city")],
  age: [rule("addNoise", { amount: 3, min: 0 })],
  nationalId: [SCRAMBLED],
  taxId: [SCRAMBLED],
  passport: [SCRAMBLED],
  drivingLicence: [SCRAMBLED],
  insuranceNumber: [SCRAMBLED],
  licencePlate: [SCRAMBLED],
  vin: [SCRAMBLED],
  iban: [SCRAMBLED],
  bic: [SCRAMBLED],
  bankAccount: [SCRAMBLED],
  cardNumber: [rule("encryptDigits", { keepLast: 4, luhn: true, onUnsupported: "redact" }), SCRAMBLED],
  cardCvv: [STARS, EMPTIED, rule("constant", { value: 0 })],
  cardExpiry: [MOVED_DAY_OR_STARS, MOVED_DAY, MOVED_DAY_OR_NOTHING, EMPTIED, rule("constant", { value: 1 })],
  income: [NOISE],
  ipAddress: [faked("internet.ipv4")],
  macAddress: [SCRAMBLED],
  imei: [DIGITS],
  deviceId: [TOKEN, SCRAMBLED],
  userAgent: [TOKEN, STARS],
  url: [TOKEN, STARS],
  password: [STARS, EMPTIED, rule("constant", { value: 0 })],
  passwordHash: [STARS],
  secret: [TOKEN, STARS],
  sessionId: [TOKEN, STARS],
  healthCode: [DEALT],
  health: [STARS],
  gender: [DEALT],
  religion: [DEALT],
  ethnicity: [DEALT],
  nationality: [DEALT],
  maritalStatus: [DEALT],
  politicalOpinion: [DEALT],
  sexualOrientation: [DEALT],
  freeText: [STARS],
  document: [EMPTIED],
  image: [EMPTIED],
  signature: [EMPTIED],
  biometric: [EMPTIED],
};

/** The same where every value must stay different from all others. */
const PREFERRED_UNIQUE: Readonly<Partial<Record<DataClass, readonly SuggestedRule[]>>> = {
  firstName: [fakedUnique("person.firstName")],
  middleName: [fakedUnique("person.middleName")],
  lastName: [fakedUnique("person.lastName")],
  maidenName: [fakedUnique("person.lastName")],
  fullName: [fakedUnique("person.fullName")],
  userName: [fakedUnique("internet.username")],
  email: [fakedUnique("internet.email")],
  streetAddress: [fakedUnique("location.streetAddress")],
  postalAddress: [fakedUnique("location.streetAddress")],
  city: [fakedUnique("location.city")],
  birthPlace: [fakedUnique("location.city")],
  phone: [DIGITS_OR_STOP],
  postcode: [SCRAMBLED_OR_STOP],
  cardNumber: [DIGITS_OR_STOP],
  imei: [DIGITS_OR_STOP],
};

/** For dates in a text column, in the order that its values write them in: they stay dates. */
export function datesAsWritten(order: WrittenOrder | null): readonly SuggestedRule[] {
  return order === null ? [] : [rule("shiftDates", { days: 180, order, onUnsupported: "redact" })];
}

/** What can be said of a class on a column, best first, down to what empties the column. */
export function rulesForClass(kind: DataClass, { kind: columnKind }: Column, isUnique: boolean): readonly SuggestedRule[] {
  // A yes or no is dealt out: nothing else keeps it one.
  if (columnKind === "boolean" && !isUnique) return [DEALT, EMPTIED, rule("constant", { value: false })];
  if (isUnique) return [...(PREFERRED_UNIQUE[kind] ?? []), SCRAMBLED_OR_STOP, TOKEN, ...shortTokens, DIGITS_OR_STOP, EMPTIED];
  const isNumber = columnKind === "integer" || columnKind === "decimal" || columnKind === "float";
  const byKind: readonly SuggestedRule[] =
    columnKind === "integer"
      ? [DIGITS_OR_STOP, TOKEN]
      : isNumber
        ? [NOISE]
        : columnKind === "timestamp"
          ? [MOVED_DAY, MOVED_DAY_OR_NOTHING]
          : [];
  return [...PREFERRED[kind], ...byKind, STARS, EMPTIED, ...emptyValues];
}
