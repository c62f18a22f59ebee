import { mod11And10, remainder, tenLess, weighted } from "./id-checks.ts";
import { italianLetter } from "./italian-letter.ts";
import { luhnDigit } from "./luhn.ts";

/** Writes the check digits that a country has within the account part. Null where there is no such account. */
type Complete = (bban: string) => string | null;

const spanishDigit = (sum: number) => {
  const digit = 11 - (sum % 11);
  return digit === 11 ? 0 : digit === 10 ? 1 : digit;
};
const spanish: Complete = (bban) =>
  bban.slice(0, 8) +
  spanishDigit(weighted(bban, [4, 8, 5, 10, 9, 7, 3, 6])) +
  spanishDigit(weighted(bban, [1, 2, 4, 8, 5, 10, 9, 7, 3, 6], 10)) +
  bban.slice(10);

/** Letters of a French account count 1 to 9, and from S on 2 to 9. */
const frenchDigits = (text: string) =>
  /^\d*$/.test(text)
    ? text
    : text.replace(/[A-Z]/g, (letter) => {
        const place = letter.charCodeAt(0) - 65;
        return String(place < 18 ? (place % 9) + 1 : place - 16);
      });
const french: Complete = (bban) => {
  const plain = frenchDigits(bban);
  const sum = 89 * Number(plain.slice(0, 5)) + 15 * Number(plain.slice(5, 10)) + 3 * Number(plain.slice(10, 21));
  return bban.slice(0, 21) + String(97 - (sum % 97)).padStart(2, "0");
};

const two = (number: number) => String(number).padStart(2, "0");
/** ISO 7064, MOD 97-10, at the end of the account. */
const mod97: Complete = (bban) => {
  const body = bban.slice(0, -2);
  return /^\d+$/.test(body) ? body + two(98 - remainder(`${body}00`, 97)) : null;
};

const italian: Complete = (bban) => italianLetter(bban.slice(1)) + bban.slice(1);

const norwegian: Complete = (bban) => {
  const digit = (11 - (weighted(bban, [5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  return digit === 10 ? null : bban.slice(0, 10) + digit;
};

const czech: Complete = (bban) => {
  const first = (11 - (weighted(bban, [10, 5, 8, 4, 2], 4) % 11)) % 11;
  const second = (11 - (weighted(bban, [6, 3, 7, 9, 10, 5, 8, 4, 2], 10) % 11)) % 11;
  return first === 10 || second === 10 ? null : bban.slice(0, 9) + first + bban.slice(10, 19) + second;
};

const hungarian: Complete = (bban) =>
  bban.slice(0, 7) +
  tenLess(weighted(bban, [9, 7, 3, 1, 9, 7, 3]) % 10) +
  bban.slice(8, 23) +
  tenLess(weighted(bban, [9, 7, 3, 1, 9, 7, 3, 1, 9, 7, 3, 1, 9, 7, 3], 8) % 10);

const dutch: Complete = (bban) => {
  const digit = (11 - (weighted(bban, [10, 9, 8, 7, 6, 5, 4, 3, 2], 4) % 11)) % 11;
  return digit === 10 ? null : bban.slice(0, 13) + digit;
};

const finnish: Complete = (bban) => bban.slice(0, 13) + luhnDigit(bban.slice(0, 13), "");

/** Countries whose accounts have check digits of their own. */
export const NATIONAL_CHECKS: Readonly<Record<string, Complete>> = {
  BE: (bban) => bban.slice(0, 10) + two(remainder(bban.slice(0, 10), 97) || 97),
  ES: spanish,
  ...Object.fromEntries([..."FR MC GF PF TF GP MQ YT NC RE BL MF PM WF".split(" ")].map((country) => [country, french])),
  IT: italian,
  SM: italian,
  PT: mod97,
  SI: mod97,
  BA: mod97,
  ME: mod97,
  MK: mod97,
  RS: mod97,
  XK: mod97,
  TL: mod97,
  NO: norwegian,
  HR: (bban) => {
    const bank = bban.slice(0, 6);
    const account = bban.slice(7, 16);
    return bank + mod11And10(bank) + account + mod11And10(account);
  },
  FI: finnish,
  AX: finnish,
  EE: (bban) => bban.slice(0, 15) + tenLess(weighted(bban, [7, 1, 3, 7, 1, 3, 7, 1, 3, 7, 1, 3, 7].reverse(), 2) % 10),
  PL: (bban) => bban.slice(0, 7) + tenLess(weighted(bban, [3, 9, 7, 1, 3, 9, 7]) % 10) + bban.slice(8),
  HU: hungarian,
  CZ: czech,
  SK: czech,
  NL: dutch,
};
