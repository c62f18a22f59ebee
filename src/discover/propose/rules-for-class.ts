import type { Column, ColumnKind } from "../../contracts.ts";
import type { DataClass } from "../../policy/class-names.ts";
import type { FakePath } from "../../transforms/fake/fake-paths.ts";
import { suggested as rule, type SuggestedRule } from "./suggested-rule.ts";

const faked = (path: FakePath) => rule("fake", { path });
const fakedUnique = (path: FakePath) => rule("fake", { path, unique: true });

/** Digits stay digits; what has none becomes stars instead of stopping the run. */
const DIGITS = rule("encryptDigits", { onUnsupported: "redact" });
const id = (scheme: string) => rule("encryptId", { scheme, onUnsupported: "redact" });
const DIGITS_OR_STOP = rule("encryptDigits");
const STARS = rule("redact");
const TOKEN = rule("tokenize");
const SCRAMBLED = rule("scramble", { onUnsupported: "redact" });
const SCRAMBLED_OR_STOP = rule("scramble");
const EMPTIED = rule("nullify");
const DEALT = rule("shuffle");
/** Addresses of no network but somebody's own: they keep who is who, and nothing of where. */
const PRIVATE_IP = rule("encryptIp", { within: ["10.0.0.0/8", "fd00::/8"] });
const PRIVATE_IP_OR_STARS = rule("encryptIp", { within: ["10.0.0.0/8", "fd00::/8"], onUnsupported: "redact" });
/** One date for another, in the years of those who live; and in all that a database may know. */
const LIFETIME = rule("permuteDates", { max: "2029-12-31" });
const ANY_DATE = rule("permuteDates");
const MOVED_DAY = rule("shiftDates", { days: 180 });
/** A text may hold what is no ISO date. */
const MOVED_DAY_OR_STARS = rule("shiftDates", { days: 180, onUnsupported: "redact" });
/** A date that is none, as `0000-00-00`. */
const MOVED_DAY_OR_NOTHING = rule("shiftDates", { days: 180, onUnsupported: "nullify" });
const NOISE = rule("addNoise", { ratio: 0.1 });

const emptyValues = ["", 0, "1970-01-01", "00:00:00", "{}", "<empty/>", "\\x", false].map((value) => rule("constant", { value }));

/** Types whose values have a form of their own, which no stand-in of a class has, and the first of the empty values that they are given. */
const EMPTY_OF_KIND: Readonly<Partial<Record<ColumnKind, readonly unknown[]>>> = {
  json: ["{}"],
  xml: ["<empty/>"],
  bytes: ["\\x"],
  array: ["{}"],
  other: ["", "{}", 0],
};

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
  postcode: [SCRAMBLED, DIGITS, faked("location.zipCode")],
  coordinates: [rule("addNoise", { amount: 0.5 })],
  birthDate: [MOVED_DAY_OR_STARS, MOVED_DAY, MOVED_DAY_OR_NOTHING, rule("addNoise", { amount: 5 })],
  birthPlace: [faked("location.city")],
  // Few are older than 90, and each of them is known by it.
  age: [rule("addNoise", { amount: 3, min: 0, max: 90 })],
  nationalId: [SCRAMBLED],
  taxId: [SCRAMBLED],
  passport: [SCRAMBLED],
  drivingLicence: [SCRAMBLED],
  insuranceNumber: [SCRAMBLED],
  licencePlate: [SCRAMBLED],
  vin: [id("vin"), SCRAMBLED],
  iban: [id("iban"), SCRAMBLED],
  bic: [id("bic"), SCRAMBLED],
  bankAccount: [SCRAMBLED],
  cardNumber: [id("card"), rule("encryptDigits", { luhn: true, onUnsupported: "redact" }), SCRAMBLED],
  cardCvv: [STARS, EMPTIED, rule("constant", { value: 0 })],
  cardExpiry: [MOVED_DAY_OR_STARS, MOVED_DAY, MOVED_DAY_OR_NOTHING, EMPTIED, rule("constant", { value: 1 })],
  income: [NOISE],
  ipAddress: [PRIVATE_IP_OR_STARS, PRIVATE_IP, faked("internet.ipv4")],
  macAddress: [id("mac"), faked("internet.mac"), SCRAMBLED],
  imei: [id("imei"), DIGITS],
  deviceId: [rule("encryptId", { scheme: "uuid" }), TOKEN, SCRAMBLED],
  userAgent: [faked("internet.userAgent"), TOKEN, STARS],
  url: [rule("maskUrl", { onUnsupported: "redact" }), TOKEN, STARS],
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
  freeText: [rule("maskText"), STARS],
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
  ipAddress: [rule("encryptIp", { strict: true })],
};

/** What can be said of a class on a column, best first, down to what empties the column. */
export function rulesForClass(kind: DataClass, { kind: columnKind }: Column, isUnique: boolean): readonly SuggestedRule[] {
  // A yes or no is dealt out: nothing else keeps it one.
  if (columnKind === "boolean" && !isUnique) return [DEALT, EMPTIED, rule("constant", { value: false })];
  if (isUnique) {
    const dates = columnKind === "date" || columnKind === "timestamp" ? [LIFETIME, ANY_DATE] : [];
    return [
      ...(PREFERRED_UNIQUE[kind] ?? []),
      ...dates,
      SCRAMBLED_OR_STOP,
      TOKEN,
      ...shortTokens,
      DIGITS_OR_STOP,
      rule("encryptIp"),
      EMPTIED,
    ];
  }
  const empty = EMPTY_OF_KIND[columnKind];
  if (empty !== undefined) return [EMPTIED, ...empty.map((value) => rule("constant", { value }))];
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
