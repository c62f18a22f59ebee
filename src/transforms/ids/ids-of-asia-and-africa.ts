import { belowTen, ending, luhnEnding, tenLess, verhoeffDigit, weighted, weightedEnding } from "./id-checks.ts";
import { centuryDates, dated, keptOf, yymmdd, yyyymmdd } from "./id-dates.ts";
import { chars, check, codes, digits, type IdField, kept, letters, oneOf, span, two } from "./id-field.ts";
import { fixed, type IdSchemes } from "./id-scheme.ts";

const verhoeffEnding = ending(1, verhoeffDigit);
const isPalindrome = (text: string) => text === [...text].reverse().join("");

/** Singapore's: seven weighted digits and a letter of the series. */
const nric = ending(1, (before) => {
  const series = before[0]!;
  const sum = weighted(before, [2, 7, 6, 5, 4, 3, 2], 1) + ("TG".includes(series) ? 4 : series === "M" ? 3 : 0);
  if (series === "M") return "KLJNPQRTUWX"[10 - (sum % 11)]!;
  return ("ST".includes(series) ? "JZIHGFEDCBA" : "XWUTRQPNMLK")[sum % 11]!;
});

/** Hong Kong's letters count from 10 on; one letter alone has a blank before it, which counts 36. */
const hongKong = ending(1, (before) => {
  const letter = (index: number) => before.charCodeAt(index) - 55;
  const start = before.length === 7 ? 36 * 9 + letter(0) * 8 : letter(0) * 9 + letter(1) * 8;
  const sum = (start + weighted(before, [7, 6, 5, 4, 3, 2], before.length - 6)) % 11;
  return "0123456789A"[(11 - sum) % 11]!;
});

const KOREAN = [2, 3, 4, 5, 6, 7, 8, 9, 2, 3, 4, 5];
/** The sex digit of Korea tells the century and who is a foreigner. */
const korean = (firstOf: (year: number) => number) =>
  [0, 1].map((sex) => (y: number, m: number, d: number) => yymmdd(y, m, d) + (firstOf(y) + sex));

/** Taiwan's letters count as two digits, by the order in which the regions were named. */
const TAIWANESE = "ABCDEFGHJKLMNPQRSTUVXYWZIO";
const taiwanese = ending(1, (before) => {
  const region = TAIWANESE.indexOf(before[0]!) + 10;
  return tenLess((Math.floor(region / 10) + (region % 10) * 9 + weighted(before, [8, 7, 6, 5, 4, 3, 2, 1], 1)) % 10);
});

const newZealand = ending(1, (before) => {
  const front = before.padStart(8, "0");
  const first = (11 - (weighted(front, [3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11;
  if (first < 10) return first;
  const second = (11 - (weighted(front, [7, 4, 3, 2, 5, 2, 7, 6]) % 11)) % 11;
  return second < 10 ? second : null;
});

const RESIDENT = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

const CREDIT_CODE = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const POWERS = [1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28];
const creditCode = ending(1, (before) => {
  let sum = 0;
  for (let index = 0; index < 17; index++) sum += CREDIT_CODE.indexOf(before[index]!) * POWERS[index]!;
  return CREDIT_CODE[(31 - (sum % 31)) % 31]!;
});

const UNASSIGNED_IN_MALAYSIA = new Set("00 17 18 19 20 69 70 73 80 81 94 95 96 97".split(" "));
const southAfrican = (date: IdField) => ({ fields: [date, digits(4), chars("01"), chars("89"), check()], complete: luhnEnding });

/** Numbers of people and companies in Asia, Africa and Oceania. */
export const IDS_OF_ASIA_AND_AFRICA = {
  "in.aadhaar": fixed("India's Aadhaar", () => [
    {
      fields: [chars("23456789"), digits(10), check()],
      complete: (text) => {
        const whole = verhoeffEnding(text)!;
        return isPalindrome(whole) ? null : whole;
      },
    },
  ]),
  "in.pan": fixed("India's PAN", () => [{ fields: [letters(3), oneKept("ABCEFGHJKLPT"), letters(), span(1, 9999), letters()] }]),
  "in.epic": fixed("India's voter number", () => [
    { fields: [letters(3), digits(6), check()], complete: (text) => text.slice(0, 3) + luhnEnding(text.slice(3)) },
  ]),
  "cn.ric": fixed("China's resident number, the region stays", () =>
    dated(1900, yyyymmdd, (date) => ({
      fields: [keptOf(digits(6)), date, digits(3), check()],
      complete: weightedEnding(RESIDENT, 11, (rest) => "10X98765432"[rest]!),
    })),
  ),
  "cn.uscc": fixed("China's social credit code", () => [
    {
      fields: [kept(2), digits(6), chars(CREDIT_CODE, 9), check()],
      complete: (text) => (/^[1-9][1-9]/.test(text) ? creditCode(text) : null),
    },
  ]),
  "tw.natid": fixed("Taiwan's national id", () => [
    { fields: [chars(TAIWANESE), chars("12"), digits(7), check()], complete: taiwanese },
    { fields: [chars(TAIWANESE), chars("89"), digits(7), check()], complete: taiwanese },
  ]),
  "hk.hkid": fixed("Hong Kong's identity card", () => [
    { fields: [chars("ABCDEFGHIJKLMNPQRSTUVWXYZ"), digits(6), check()], complete: hongKong },
    { fields: [chars("ABCDEFGHIJKLMNPQRSTUVWXYZ", 2), digits(6), check()], complete: hongKong },
  ]),
  "sg.nric": fixed("Singapore's NRIC and FIN", () => [{ fields: [oneKept("STFGM"), digits(7), check()], complete: nric }]),
  "my.nric": fixed("Malaysia's NRIC", () => [
    { fields: [centuryDates(yymmdd), oneOf(codes(0, 99).filter((place) => !UNASSIGNED_IN_MALAYSIA.has(place))), digits(4)] },
  ]),
  "kr.rrn": fixed("South Korea's resident and foreigner's number", () =>
    [1, 5].flatMap((first) =>
      dated(
        1900,
        korean((year) => (year < 2000 ? first : first + 2)),
        (date) => ({
          fields: [date, oneOf(codes(0, 96)), digits(3), check()],
          complete: weightedEnding(KOREAN, 11, (rest) => (11 - rest) % 10),
        }),
      ),
    ),
  ),
  "kr.brn": fixed("South Korea's business number", () => [
    {
      fields: [span(101, 999), span(1, 99), span(1, 9999), check()],
      complete: ending(1, (before) =>
        tenLess((weighted(before, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor((Number(before[8]) * 5) / 10)) % 10),
      ),
    },
  ]),
  "jp.mynumber": fixed("Japan's My Number", () => [
    {
      fields: [digits(11), check()],
      complete: weightedEnding([6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2], 11, (rest) => (rest <= 1 ? 0 : 11 - rest)),
    },
  ]),
  "jp.cn": fixed("Japan's corporate number", () => [
    {
      fields: [check(), digits(12)],
      complete: (text) => 9 - (weighted(text, [2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1], 1) % 9) + text.slice(1),
    },
  ]),
  "th.idnr": fixed("Thailand's identity number", () => [
    {
      fields: [chars("12345678"), digits(11), check()],
      complete: weightedEnding([13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2], 11, (rest) => (11 - rest) % 10),
    },
  ]),
  "id.nik": fixed("Indonesia's NIK, the region stays", () => {
    const day = centuryDates(
      (y, m, d) => two(d) + two(m) + two(y),
      (y, m, d) => two(d + 40) + two(m) + two(y),
    );
    return [{ fields: [keptOf(span(100_000, 999_999)), day, span(1, 9999)] }];
  }),
  "pk.cnic": fixed("Pakistan's CNIC", () => [{ fields: [chars("1234567"), digits(11), span(1, 9)] }]),
  "vn.mst": fixed("Vietnam's tax number", () => {
    const complete = (text: string) => {
      const digit = 10 - (weighted(text, [31, 29, 23, 19, 17, 13, 7, 5, 3]) % 11);
      return digit > 9 || digit < 0 ? null : text.slice(0, 9) + digit + text.slice(10);
    };
    return [
      { fields: [oneOf(codes(1, 99)), span(1, 9_999_999), check()], complete },
      { fields: [oneOf(codes(1, 99)), span(1, 9_999_999), check(), span(1, 999)], complete },
    ];
  }),
  "ae.eid": fixed("the United Arab Emirates' identity number, the year of birth stays", () => [
    { fields: [keptOf(span(7_841_900, 7_842_099)), digits(7), check()], complete: luhnEnding },
  ]),
  "sa.iqama": fixed("Saudi Arabia's identity number", () => [
    { fields: [oneKept("12"), digits(8), check()], complete: luhnEnding },
  ]),
  "za.idnr": fixed("South Africa's identity number", () => [southAfrican(centuryDates(yymmdd))]),
  "za.tin": fixed("South Africa's tax number", () => [{ fields: [chars("01239"), digits(8), check()], complete: luhnEnding }]),
  "ke.pin": fixed("Kenya's PIN", () => [{ fields: [oneKept("AP"), digits(9), letters()] }]),
  "au.tfn": fixed("Australia's tax file number", () => [
    { fields: [digits(8), check()], complete: weightedEnding([1, 4, 3, 7, 5, 8, 6, 9], 11, belowTen) },
  ]),
  "au.abn": fixed("Australia's business number", () => [
    {
      fields: [check(2), digits(9)],
      complete: (text) => 11 + ((177 - (weighted(text, [3, 5, 7, 9, 11, 13, 15, 17, 19], 2) % 89)) % 89) + text.slice(2),
    },
  ]),
  "au.acn": fixed("Australia's company number", () => [
    { fields: [digits(8), check()], complete: weightedEnding([8, 7, 6, 5, 4, 3, 2, 1], 10, tenLess) },
  ]),
  "au.medicare": fixed("Australia's Medicare number, the issue stays", () => [
    {
      fields: [chars("23456"), digits(7), check(), kept(1)],
      complete: (text) => text.slice(0, 8) + (weighted(text, [1, 3, 7, 9, 1, 3, 7, 9]) % 10) + text.slice(9),
    },
  ]),
  "nz.ird": fixed("New Zealand's IRD number", () => [
    { fields: [span(1, 9), digits(6), check()], complete: newZealand },
    { fields: [span(10, 14), digits(6), check()], complete: newZealand },
  ]),
} satisfies IdSchemes;

function oneKept(alphabet: string): IdField {
  return keptOf(chars(alphabet));
}
