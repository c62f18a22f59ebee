import { COUNTRY_CODES } from "../words/country-codes.ts";
import { type Recogniser, shareOf } from "./recogniser.ts";

/** ISO 9362: bank, country, place, and branch. */
export function isBic(value: string): boolean {
  return /^[A-Z]{4}([A-Z]{2})[A-Z\d]{2}(?:[A-Z\d]{3})?$/.test(value) && COUNTRY_CODES.has(value.slice(4, 6));
}

/** Words in capitals look like one too: alone, some must hold a digit or name a head office. */
export const recogniseBic: Recogniser = {
  kind: "bic",
  measure: (values) => {
    const share = shareOf(values, isBic);
    const isTypical = shareOf(values, (value) => /\d|XXX$/.test(value)) >= 0.3;
    return {
      kind: "bic",
      share,
      alone: isTypical ? 0.75 : 0.3,
      support: 0.8,
      isNeeded: true,
      says: "are bank codes of existing countries",
    };
  },
};
