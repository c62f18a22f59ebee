import type { CountryCode } from "libphonenumber-js";
import type { FindKind } from "./find-matches.ts";
import { possiblePhone } from "./possible-phone.ts";

/** Digits in groups, with what phone numbers have between them. */
const RUNS = /(?<![\p{L}\d])[+(]{0,2}\d+(?:[ \u00a0()./-]{1,3}\d+){0,200}/gu;

/** ITU-T E.164 §6.2.1. */
const MOST_DIGITS = 15;
/** Shorter ones are house numbers, amounts and years. */
const FEWEST_DIGITS = 7;

/** Groups of the longest numbers that people write: `+33 1 23 45 67 89` has six. */
const MOST_GROUPS = 8;

/** Answers that are held: rows of equal numbers ask the same again and again. */
const MOST_ANSWERS = 4_096;

const GROUPS_OF_DATE = 3;
const LONGEST_DATE = 10;
const ISO_DATE = /^(?:19|20)\d\d([-./])\d\d?\1\d\d?(?!\d)/;
const OTHER_DATE = /^\d\d?([-./])\d\d?\1(?:19|20)\d\d(?!\d)/;

/** `country` is where numbers without a calling code are from; without it only a + says whose number it is. */
export async function phoneFinder(country: string | undefined): Promise<FindKind> {
  const { parsePhoneNumberFromString } = await import("libphonenumber-js");
  const isPossible = await possiblePhone(country);
  const answers = new Map<string, boolean>();
  const isPhone = (found: string) => {
    const known = answers.get(found);
    if (known !== undefined) return known;
    const answer =
      isPossible(found) && (parsePhoneNumberFromString(found, country as CountryCode | undefined)?.isValid() ?? false);
    if (answers.size === MOST_ANSWERS) answers.clear();
    answers.set(found, answer);
    return answer;
  };
  return (text, say) => {
    if (country === undefined && !text.includes("+")) return;
    for (const { 0: run, index } of text.matchAll(RUNS))
      findInRun(run, country !== undefined, isPhone, (start, end) => say(index + start, index + end));
  };
}

/** Says the longest numbers that a run's groups make, from the left: other numbers may stand before and behind one, and dates are none. */
function findInRun(
  run: string,
  isNational: boolean,
  isPhone: (found: string) => boolean,
  say: (start: number, end: number) => void,
): void {
  const groups = [...run.matchAll(/\d+/g)].map(({ 0: digits, index }) => ({ from: index, to: index + digits.length }));
  for (let first = 0; first < groups.length; ) {
    const { from } = groups[first]!;
    if (isDate(run, from)) {
      first += GROUPS_OF_DATE;
      continue;
    }
    const start = first === 0 ? 0 : run[from - 1] === "(" ? from - 1 : from;
    if (!isNational && !run.slice(start, from).includes("+")) return;
    const behind = behindPhone(run, groups, first, start, isPhone);
    if (behind > first) say(start, groups[behind - 1]!.to);
    first = Math.max(behind, first + 1);
  }
}

/** Which group stands behind the number that begins with `first`; `first` itself where none begins there. */
function behindPhone(
  run: string,
  groups: readonly { readonly from: number; readonly to: number }[],
  first: number,
  start: number,
  isPhone: (found: string) => boolean,
): number {
  const digitsIn: number[] = [];
  for (let digits = 0, at = first; at < Math.min(groups.length, first + MOST_GROUPS); at++) {
    digits += groups[at]!.to - groups[at]!.from;
    if (digits > MOST_DIGITS) break;
    digitsIn.push(digits);
  }
  for (let count = digitsIn.length; count > 0 && digitsIn[count - 1]! >= FEWEST_DIGITS; count--)
    if (isPhone(run.slice(start, groups[first + count - 1]!.to))) return first + count;
  return first;
}

function isDate(run: string, from: number): boolean {
  const date = run.slice(from, from + LONGEST_DATE + 1);
  return ISO_DATE.test(date) || OTHER_DATE.test(date);
}
