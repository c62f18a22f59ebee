import type { ColumnContext, RowBatch } from "../../contracts.ts";
import { FAKE_LOCALES, type FakeLocale } from "../fake/fake-locales.ts";
import { countryNamed } from "./persona-places.ts";

/** Scripts that personas are written in, the locale that each stands for, and others that use it. */
const SCRIPTS: readonly { readonly pattern: RegExp; readonly locale: FakeLocale; readonly others: readonly string[] }[] = [
  { pattern: /\p{Script=Cyrillic}/u, locale: "ru", others: ["uk", "mk", "mn_MN_cyrl"] },
  { pattern: /\p{Script=Greek}/u, locale: "el", others: [] },
  { pattern: /\p{Script=Hangul}/u, locale: "ko", others: [] },
  { pattern: /\p{Script=Hiragana}|\p{Script=Katakana}/u, locale: "ja", others: [] },
  { pattern: /\p{Script=Han}/u, locale: "zh_CN", others: ["zh_TW", "ja"] },
  { pattern: /\p{Script=Arabic}/u, locale: "ar", others: ["fa", "ur", "ku_ckb"] },
  { pattern: /\p{Script=Hebrew}/u, locale: "he", others: [] },
  { pattern: /\p{Script=Devanagari}/u, locale: "ne", others: [] },
];

const NOT_ASCII = /[^\0-\x7f]/;

/** The locale for the script of a value; the usual one where that writes in it, or where the value is of no other script than Latin. */
export function localeOfScript(value: string, usual: FakeLocale): FakeLocale {
  // Latin beside another script says nothing: the other one does.
  const found = NOT_ASCII.test(value) ? SCRIPTS.find(({ pattern }) => pattern.test(value)) : undefined;
  if (found === undefined)
    return SCRIPTS.some(({ locale, others }) => locale === usual || others.includes(usual)) && /[A-Za-z]/.test(value)
      ? "en"
      : usual;
  return found.others.includes(usual) ? usual : found.locale;
}

const BY_NAME = new Map(FAKE_LOCALES.map((locale) => [locale.toLowerCase(), locale]));

/** The locale that a column names: by a country (`DE`, `DEU`, `Germany`, `Deutschland`), or by a language tag (`de`, `pt-BR`). */
export function localeNamed(value: string, usual: FakeLocale): FakeLocale {
  const text = value.trim();
  const country = countryNamed(text);
  // `de` and `it` are languages, `DE` and `IT` countries; the locale is the same. `ar` and `ne` are Arabic and Nepali.
  if (country !== undefined && (text.length > 2 || text === text.toUpperCase())) return country.locales[0]!;
  const tag = text.replace("-", "_").toLowerCase();
  return BY_NAME.get(tag) ?? BY_NAME.get(tag.split("_")[0]!) ?? country?.locales[0] ?? usual;
}

export interface LocaleOptions {
  readonly locale: FakeLocale;
  readonly localeFrom: string | undefined;
  readonly scriptOf: string | undefined;
}

/** The locale of each row, null where all have the fixed one. The script of a name says more than the country that somebody lives in. */
export function localeChooser(
  { locale, localeFrom, scriptOf }: LocaleOptions,
  { other }: ColumnContext,
): ((batch: RowBatch) => FakeLocale[]) | null {
  if (localeFrom === undefined && scriptOf === undefined) return null;
  const country = localeFrom === undefined ? null : other(localeFrom).index;
  const script = scriptOf === undefined ? null : other(scriptOf).index;
  return (batch) => {
    const countries = country === null ? null : batch.column(country);
    const scripts = script === null ? null : batch.column(script);
    return Array.from({ length: batch.rowCount }, (_, row) => {
      const usual = countries?.[row] ? localeNamed(countries[row], locale) : locale;
      return scripts?.[row] ? localeOfScript(scripts[row], usual) : usual;
    });
  };
}
