import { luhnSum } from "../transforms/luhn.ts";
import { eachValueIs, TEXT_OR_NUMBER } from "./recogniser.ts";

/** Leading digits and lengths that issuers use: Visa, Mastercard, American Express, Discover, Diners, JCB, UnionPay, Maestro, Mir, RuPay, Troy, Elo, Dankort. */
const ISSUERS =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d{4}|222[1-9]\d{2}|22[3-9]\d{3}|2[3-6]\d{4}|27[01]\d{3}|2720\d{2})\d{10}|3[47]\d{13}|(?:6011|64[4-9]\d|65\d{2})\d{12,15}|3(?:0[0-59]|[689]\d)\d{11,16}|35(?:2[89]|[3-8]\d)\d{12,15}|(?:62|81)\d{14,17}|(?:5[0678]|6[37]|60|61|68|69)\d{10,17}|220[0-4]\d{12,15}|(?:2131|1800)\d{11}|9792\d{12}|5019\d{12})$/;

/** An issuer's number with the right check digit (ISO/IEC 7812-1), with spaces or hyphens or without. */
export function isCardNumber(value: string): boolean {
  if (value.length > 30 || !/^\d[\d -]*\d$/.test(value)) return false;
  const digits = value.replace(/[ -]/g, "");
  return ISSUERS.test(digits) && luhnSum(digits) === 0 && !/^(\d)\1+$/.test(digits);
}

export const recogniseCard = eachValueIs("cardNumber", isCardNumber, {
  accepts: TEXT_OR_NUMBER,
  least: 0.5,
  says: "are card numbers of a known issuer with the right check digit",
  alone: 0.95,
  support: 0.95,
});
