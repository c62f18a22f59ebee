import { createColumnPrf } from "../../keys/column-prf.ts";
import { defineTransform, EMPTY_STAYS, LOSSY } from "../define-transform.ts";
import { cardNetworkOf, cardNetworks } from "./card-networks.ts";
import { compactOf, inLayoutOf } from "./id-text.ts";
import { luhnDigit } from "./luhn.ts";

/** Numbers of no known network become ones of the first. */
const OTHER = cardNetworks()[0]!.testIin;

/** 2^52 possibilities are drawn, of which at most 10^10 are used. */
const MOST_DRAWN = 10;

/**
 * Replaces a card's number by one that begins as the numbers do that payment providers publish for tests, with a valid Luhn digit: `4012-8888-8888-1881`
 * becomes `4111-1111-7392-0453`.
 *
 * Network, length, spaces and dashes stay; a number of no known network, or without a valid Luhn digit, becomes a valid one too. The same card gives the same
 * number. Of a number with 16 digits seven are drawn, so from some thousand cards on two may meet, and nothing of the original can be got back. That no issuer
 * will ever use such numbers nobody promises. Source: ISO/IEC 7812-1. Hint: where numbers must stay unique, `encryptId({ scheme: "card" })`.
 */
export const fakeCard = defineTransform({
  name: "fakeCard",
  technique: "substitution",
  accepts: ["text", "integer"],
  unsupported: "what is no number of 12 to 19 digits",
  guarantees: { ...LOSSY, preservesLength: true, changesInput: "almost-always" },
  fixedPoints: EMPTY_STAYS,
  isKeyed: true,
  options: {},
  prepare: (_, { deriveKey }) => {
    const prf = createColumnPrf(deriveKey("card"));
    return (values) => {
      const cards = values.map(cardOf);
      const words = prf.words(cards);
      return values.map((value, row) => {
        const card = cards[row]!;
        if (card === null) return value === null || value.trim() === "" ? value : undefined;
        const drawn = words[row * 4]! * 2 ** 20 + (words[row * 4 + 1]! >>> 12);
        return inLayoutOf(value!, fakeOf(card, drawn), {});
      });
    };
  },
});

/** The digits of a card's number, null for what is none. */
function cardOf(value: string | null): string | null {
  const compact = value === null || value.startsWith("-") ? null : compactOf(value, {});
  return compact !== null && /^\d{12,19}$/.test(compact) ? compact : null;
}

function fakeOf(card: string, drawn: number): string {
  const iin = cardNetworkOf(card)?.testIin ?? OTHER;
  const count = card.length - iin.length - 1;
  const digits = String(drawn % 10 ** Math.min(count, MOST_DRAWN)).padStart(count, "0");
  return iin + digits + luhnDigit(iin + digits, "");
}
