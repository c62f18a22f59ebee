import type { ColumnValues, MaskColumn, MaskedValues } from "../../contracts.ts";
import { localeOfScript } from "../persona/persona-locale.ts";
import type { FakeLocale } from "./fake-locales.ts";

type MaskValues = (values: ColumnValues) => MaskedValues;

const OTHER_THAN_LATIN = /(?!\p{Script=Latin})\p{L}/u;
const ASCII = /^[\0-\x7f]*$/;

/**
 * Masks each value in the locale of its script, which is loaded when the first such value comes. A stand-in in another script than the value's cannot stand
 * for it: faker falls back to English where a locale lacks something.
 */
export function maskByScript(
  usual: FakeLocale,
  mask: MaskValues,
  prepareIn: (locale: FakeLocale) => Promise<MaskValues>,
): MaskColumn {
  const masks = new Map<FakeLocale, Promise<MaskValues> | MaskValues>([[usual, mask]]);
  return (values) => {
    // The usual locale may itself be of another script than a value in Latin.
    const chosen = values.map((value) => (value === null ? usual : localeOfScript(value, usual)));
    const found = [...new Set(chosen)];
    if (found.length === 0 || (found.length === 1 && found[0] === usual)) return onlyOfScript(values, mask(values));
    return maskEach(values, chosen, found);
  };

  async function maskEach(
    values: ColumnValues,
    chosen: readonly FakeLocale[],
    found: readonly FakeLocale[],
  ): Promise<MaskedValues> {
    const masked = new Array<string | null | undefined>(values.length);
    for (const locale of found) {
      const ready = masks.get(locale) ?? prepareIn(locale);
      masks.set(locale, ready);
      const rows = [...chosen.keys()].filter((row) => chosen[row] === locale);
      const own = rows.map((row) => values[row]!);
      const given = onlyOfScript(own, (await ready)(own));
      for (const [slot, row] of rows.entries()) masked[row] = given[slot];
    }
    return masked;
  }
}

function onlyOfScript(values: ColumnValues, masked: MaskedValues): MaskedValues {
  return masked.map((text, row) => {
    const value = values[row]!;
    if (value === null || typeof text !== "string" || ASCII.test(value) || !OTHER_THAN_LATIN.test(value)) return text;
    return OTHER_THAN_LATIN.test(text) ? text : undefined;
  });
}
