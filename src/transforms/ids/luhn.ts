const ZERO = 0x30;

/** What a digit counts where it is doubled: the digits of its double, added. */
const DOUBLED = [0, 2, 4, 6, 8, 1, 3, 5, 7, 9];
const HALVED = DOUBLED.map((_, digit) => DOUBLED.indexOf(digit));

/** The Luhn sum modulo 10 (ISO/IEC 7812-1, annex B): 0 for a valid number. */
export function luhnSum(digits: string): number {
  let sum = 0;
  let isDoubled = false;
  for (let index = digits.length - 1; index >= 0; index--) {
    const digit = digits.charCodeAt(index) - ZERO;
    sum += isDoubled ? DOUBLED[digit]! : digit;
    isDoubled = !isDoubled;
  }
  return sum % 10;
}

/** The one digit that makes `before + digit + after` valid. */
export function luhnDigit(before: string, after: string): string {
  const missing = (10 - luhnSum(`${before}0${after}`)) % 10;
  return String(after.length % 2 === 1 ? HALVED[missing]! : missing);
}
