import type { ColumnValues, MaskColumn } from "../../contracts.ts";
import { digits } from "./id-field.ts";
import { fixed } from "./id-scheme.ts";

/** Digits of the longest extension. */
const LONGEST = 7;

/** What stands before an extension: RFC 3966's `;ext=`, and what people write. */
const EXTENSION = new RegExp(
  `^(.*\\d\\)?)(\\s*(?:;ext=|,|#|(?:extension|extn?|ext|x|durchwahl|dw|poste|anexo|ramal|int|доб)\\.?)\\s*:?\\s*)(\\d{1,${LONGEST}})(\\s*)$`,
  "isu",
);
const ODD = /[a-z;,#д]/i;

/** The extension of a phone number, by itself: each to another of its length. */
export const PHONE_EXTENSION = fixed("an extension", () =>
  Array.from({ length: LONGEST }, (_, index) => ({ fields: [digits(index + 1)], name: `extension ${index + 1}` })),
);

interface Parts {
  readonly row: number;
  readonly number: string;
  readonly sign: string;
  readonly extension: string;
}

/** Makes a mask that takes extensions off, masks number and extension by a mask each, and puts them together again. */
export function withExtensions(numbers: MaskColumn, extensions: MaskColumn): MaskColumn {
  return async (values, batch) => {
    const found: Parts[] = [];
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      if (value === null || !ODD.test(value)) continue;
      const [, number, sign, extension, end] = EXTENSION.exec(value) ?? [];
      if (number !== undefined) found.push({ row, number, sign: sign!, extension: extension! + end! });
    }
    if (found.length === 0) return numbers(values, batch);
    const plain: (string | null)[] = [...values];
    for (const { row, number } of found) plain[row] = number;
    const masked = [...(await numbers(plain, batch))];
    const behind = await extensions(found.map(({ extension }) => extension) as ColumnValues, batch);
    for (const [slot, { row, sign }] of found.entries()) {
      const number = masked[row];
      if (typeof number === "string") masked[row] = typeof behind[slot] === "string" ? number + sign + behind[slot] : undefined;
    }
    return masked;
  };
}
