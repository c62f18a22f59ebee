import type { ColumnKind } from "../../contracts.ts";
import { luhnSum } from "../../transforms/ids/luhn.ts";
import { eachValueIs, type Recogniser } from "./recogniser.ts";

const CARD_COLUMNS: readonly ColumnKind[] = ["text", "integer", "decimal"];

/** Leading digits and lengths that issuers use: Visa, Mastercard, American Express, Discover, Diners, JCB, UnionPay, Maestro, Mir, RuPay, Troy, Elo, Dankort. */
const ISSUERS =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d{4}|222[1-9]\d{2}|22[3-9]\d{3}|2[3-6]\d{4}|27[01]\d{3}|2720\d{2})\d{10}|3[47]\d{13}|(?:6011|64[4-9]\d|65\d{2})\d{12,15}|3(?:0[0-59]|[689]\d)\d{11,16}|35(?:2[89]|[3-8]\d)\d{12,15}|(?:62|81)\d{14,17}|(?:5[0678]|6[37]|60|61|68|69)\d{10,17}|220[0-4]\d{12,15}|(?:2131|1800)\d{11}|9792\d{12}|5019\d{12})$/;

/** An issuer's number with the right check digit (ISO/IEC 7812-1), with spaces or hyphens or without. */
export function isCardNumber(value: string): boolean {
  if (value.length > 30 || !/^\d[\d -]*\d$/.test(value)) return false;
  const digits = value.replace(/[ -]/g, "");
  return ISSUERS.test(digits) && luhnSum(digits) === 0 && !/^(\d)\1+$/.test(digits);
}

/** A card number of which the first six to eight or the last four digits are left, as PCI DSS lets be shown: `411111******1111`, `XXXX-XXXX-XXXX-1111`. */
export function isTruncatedCard(value: string): boolean {
  if (value.length > 30) return false;
  const signs = value.replace(/[ -]/g, "");
  return signs.length >= 12 && signs.length <= 19 && /^(?:\d{6}(?:\d{2})?)?([*xX#•.·])\1{3,}\d{4}$/u.test(signs);
}

/** What is left of a number that a name announces: of four random digits, some begin with a zero. */
const isLastFour = (values: readonly string[]) =>
  values.every((value) => /^\d{1,4}$/.test(value)) && values.some((value) => /^0|^\d{1,3}$/.test(value));

const recogniseWhole = eachValueIs("cardNumber", (value) => isCardNumber(value) || isTruncatedCard(value), {
  accepts: CARD_COLUMNS,
  least: 0.5,
  says: "are card numbers of a known issuer with the right check digit, whole or truncated",
  alone: 0.95,
  support: 0.95,
});

export const recogniseCard: Recogniser = {
  ...recogniseWhole,
  measure: (values) =>
    isLastFour(values)
      ? { kind: "cardNumber", share: 1, alone: 0, support: 0.1, isNeeded: true, says: "have up to four digits" }
      : recogniseWhole.measure(values),
};
