import { luhnSum } from "../../transforms/ids/luhn.ts";

const weighed = (digits: string, weights: readonly number[]) =>
  weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0);

const scheme = (country: string, name: string, form: RegExp, check: (plain: string) => boolean = () => true) => ({
  country,
  name,
  validate: (value: string) => {
    const plain = value.replace(/[ -]/g, "").toUpperCase();
    return { isValid: form.test(plain) && check(plain) };
  },
});

/** Singapore's: seven weighted digits and a letter of the series. */
function isNric(text: string): boolean {
  const sum = weighed(text.slice(1), [2, 7, 6, 5, 4, 3, 2]) + ("TG".includes(text[0]!) ? 4 : text[0] === "M" ? 3 : 0);
  if (text[0] === "M") return text[8] === "KLJNPQRTUWX"[10 - (sum % 11)];
  return text[8] === ("ST".includes(text[0]!) ? "JZIHGFEDCBA" : "XWUTRQPNMLK")[sum % 11];
}

/** Germany's health insurance number: the letter counts as two digits, every other one is doubled. */
function isKvnr(text: string): boolean {
  const digits = String(text.charCodeAt(0) - 64).padStart(2, "0") + text.slice(1);
  const sum = [...digits.slice(0, 10)].reduce((all, digit, at) => {
    const product = Number(digit) * (at % 2 === 0 ? 1 : 2);
    return all + (product > 9 ? product - 9 : product);
  }, 0);
  return sum % 10 === Number(digits[10]);
}

/** Numbers of people that stdnum does not know, as their issuers describe them. */
export const MORE_OFFICIAL_NUMBERS = [
  scheme("SG", "nric", /^[STFGM]\d{7}[A-Z]$/, isNric),
  scheme("RU", "snils", /^\d{11}$/, (text) => (weighed(text, [9, 8, 7, 6, 5, 4, 3, 2, 1]) % 101) % 100 === Number(text.slice(9))),
  scheme("DE", "kvnr", /^[A-Z]\d{9}$/, isKvnr),
  scheme("AE", "eid", /^784(?:19|20)\d{10}$/, (text) => luhnSum(text) === 0),
  scheme("SA", "iqama", /^[12]\d{9}$/, (text) => luhnSum(text) === 0),
  scheme("GB", "nhs", /^[1-9]\d{9}$/, (text) => weighed(text, [10, 9, 8, 7, 6, 5, 4, 3, 2, 1]) % 11 === 0),
  scheme("AU", "medicare", /^[2-6]\d{9,10}$/, (text) => weighed(text, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === Number(text[8])),
  scheme("JP", "mynumber", /^\d{12}$/, (text) => {
    const rest = weighed(text, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11;
    return (rest <= 1 ? 0 : 11 - rest) === Number(text[11]);
  }),
  scheme("HU", "taj", /^\d{9}$/, (text) => weighed(text, [3, 7, 3, 7, 3, 7, 3, 7]) % 10 === Number(text[8])),
  scheme("US", "npi", /^[12]\d{9}$/, (text) => luhnSum(`80840${text}`) === 0),
  scheme("US", "mbi", /^[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d[AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y\d]\d[AC-HJKMNP-RT-Y]{2}\d{2}$/),
  scheme("ID", "nik", /^[1-9]\d{5}(?:[04][1-9]|[1256]\d|[37][01])(?:0[1-9]|1[0-2])\d{6}$/),
];
