/** A field of a row or a bound of a range, as PostgreSQL writes both. */
export interface RecordField {
  readonly from: number;
  readonly to: number;
  /** Null for nothing at all, which is NULL (a row) or no bound (a range). */
  readonly text: string | null;
}

/** The fields between two brackets, from `at` on, up to one of the closing signs. Undefined where there is none. */
export function readFields(
  value: string,
  at: number,
  closing: string,
): { readonly fields: readonly RecordField[]; readonly end: number } | undefined {
  const fields: RecordField[] = [];
  let from = at;
  let text = "";
  let isQuoted = false;
  for (let index = at; index < value.length; index++) {
    const sign = value[index]!;
    if (sign === "\\") text += value[++index] ?? "";
    else if (sign === '"') {
      // Two quotes within quotes are one.
      if (isQuoted && value[index + 1] === '"') text += value[++index];
      else isQuoted = !isQuoted;
    } else if (isQuoted || (sign !== "," && !closing.includes(sign))) text += sign;
    else {
      fields.push({ from, to: index, text: index === from ? null : text });
      if (sign !== ",") return { fields, end: index };
      from = index + 1;
      text = "";
    }
  }
  return undefined;
}

/** A field with quotes where it must have them, or had them. */
export function writeField(text: string | null, raw: string): string {
  if (text === null) return "";
  const mustBeQuoted = text === "" || /["\\()[\],\s]/.test(text);
  return mustBeQuoted || raw.startsWith('"') ? `"${text.replaceAll(/["\\]/g, "$&$&")}"` : text;
}
