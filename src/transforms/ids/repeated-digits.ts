import type { IdField } from "./id-field.ts";

const WIDTH = 10;

/** Ten digits of which one occurs so many times and no other more than once: the first ten of a German tax number. */
export function repeatedDigits(times: 2 | 3): IdField {
  const places = placesOf(times);
  const placeRanks = new Map(places.map((mask, rank) => [mask, rank]));
  /** Ways to fill the other places with different digits out of nine. */
  let fillings = 1;
  for (let index = 0; index < WIDTH - times; index++) fillings *= 9 - index;

  return {
    width: WIDTH,
    size: places.length * 10 * fillings,
    rank(text, at) {
      const counts = new Uint8Array(10);
      for (let index = 0; index < WIDTH; index++) {
        const digit = text.charCodeAt(at + index) - ZERO;
        if (!(digit >= 0 && digit <= 9)) return -1;
        counts[digit]!++;
      }
      const repeated = counts.indexOf(times);
      if (repeated < 0) return -1;
      let mask = 0;
      let filling = 0;
      const left = DIGITS.filter((digit) => digit !== repeated);
      for (let index = 0; index < WIDTH; index++) {
        const digit = text.charCodeAt(at + index) - ZERO;
        if (digit === repeated) mask |= 1 << index;
        else {
          const place = left.indexOf(digit);
          if (place < 0) return -1;
          filling = filling * left.length + place;
          left.splice(place, 1);
        }
      }
      return (placeRanks.get(mask)! * 10 + repeated) * fillings + filling;
    },
    text(rank) {
      const filling = rank % fillings;
      const rest = Math.floor(rank / fillings);
      const repeated = rest % 10;
      const mask = places[Math.floor(rest / 10)]!;
      const chosen: number[] = [];
      for (let number = filling, base = times; chosen.length < WIDTH - times; base++) {
        // The last place had the fewest digits to choose from.
        chosen.unshift(number % base);
        number = Math.floor(number / base);
      }
      const left = DIGITS.filter((digit) => digit !== repeated);
      let next = 0;
      let text = "";
      for (let index = 0; index < WIDTH; index++) text += mask & (1 << index) ? repeated : left.splice(chosen[next++]!, 1)[0];
      return text;
    },
  };
}

const ZERO = 0x30;
const DIGITS = Array.from({ length: 10 }, (_, digit) => digit);

/** The ways to choose so many of ten places, each as bits. */
function placesOf(times: number): number[] {
  return Array.from({ length: 1 << WIDTH }, (_, mask) => mask).filter(
    (mask) => DIGITS.filter((bit) => mask & (1 << bit)).length === times,
  );
}
