import { type Recogniser, shareOf } from "./recogniser.ts";

const WEIGHTS = [8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2];
/** What a letter counts, from A to Z; I, O and Q are none of a VIN's. */
const COUNTS = "12345678012345070923456789";

/** 17 characters without I, O and Q (ISO 3779), letters and digits among them. */
export function isVin(value: string): boolean {
  return /^(?=.*\d)(?=.*[A-Z])[A-HJ-NPR-Z\d]{17}$/i.test(value) && /\d{4}$/.test(value.slice(-4));
}

/** The check digit that North America and China require (49 CFR 565.15). */
export function hasVinCheckDigit(value: string): boolean {
  if (!isVin(value)) return false;
  const sum = [...value.toUpperCase()].reduce((total, character, index) => {
    const count = /\d/.test(character) ? Number(character) : Number(COUNTS[character.charCodeAt(0) - 65]);
    return total + count * WEIGHTS[index]!;
  }, 0);
  return "0123456789X"[sum % 11] === value[8]!.toUpperCase();
}

export const recogniseVin: Recogniser = {
  kind: "vin",
  measure: (values) => ({
    kind: "vin",
    share: shareOf(values, isVin),
    alone: shareOf(values, hasVinCheckDigit) >= 0.5 ? 0.93 : 0.5,
    support: 0.8,
    isNeeded: true,
    says: "have the form of vehicle identification numbers",
  }),
};
