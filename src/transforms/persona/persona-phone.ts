import type { Country } from "./persona-places.ts";

/**
 * Writes a persona's number in the layout of the original: with its calling code where that has one, else as it is dialled within the country; the
 * original's spaces, dots and brackets where there are as many digits.
 */
export function writePhone({ callingCode, trunk }: Country, number: string, original: string): string {
  const international = `${callingCode.slice(1)}${number}`;
  const national = trunk + number;
  const count = original.replace(/\D/g, "").length;
  if (original.trimStart().startsWith("+")) return laidOut(international, count, original) ?? `+${international}`;
  return (
    laidOut(national, count, original) ??
    (/^\D*00/.test(original) ? `00${international}` : laidOut(international, count, original)) ??
    national
  );
}

/** The digits in the original's places; undefined where there are more or fewer, or where a letter (`ext`) stands among them. */
function laidOut(digits: string, count: number, original: string): string | undefined {
  if (digits.length !== count || !/^[\d\s+().\-/]*$/.test(original)) return undefined;
  let next = 0;
  return original.replace(/\d/g, () => digits[next++]!);
}
