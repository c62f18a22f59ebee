/** A field of a row or a bound of a range, as PostgreSQL writes both. */
export interface RecordField {
  readonly from: number;
  readonly to: number;
  /** Null for nothing at all, which is NULL (a row) or no bound (a range). */
  readonly text: string | null;
}

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;

/** The fields between two brackets, from `at` on, up to one of the closing signs. Undefined where there is none. */
export function readFields(
  value: string,
  at: number,
  closing: string,
): { readonly fields: readonly RecordField[]; readonly end: number } | undefined {
  const fields: RecordField[] = [];
  let from = at;
  let isQuoted = false;
  let isPlain = true;
  for (let index = at; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code === QUOTE || code === BACKSLASH) {
      isPlain = false;
      // Two quotes within quotes are one: they end and begin what is quoted.
      if (code === QUOTE) isQuoted = !isQuoted;
      else index++;
    } else if (!isQuoted && (code === COMMA || closing.includes(value[index]!))) {
      const raw = value.slice(from, index);
      fields.push({ from, to: index, text: raw === "" ? null : isPlain ? raw : unquoted(raw) });
      if (code !== COMMA) return { fields, end: index };
      from = index + 1;
      isPlain = true;
    }
  }
  return undefined;
}

function unquoted(raw: string): string {
  const within = raw.slice(1, -1);
  const isWhole = raw.charCodeAt(0) === QUOTE && raw.charCodeAt(raw.length - 1) === QUOTE;
  if (isWhole && !within.includes('"') && !within.includes("\\")) return within;
  let text = "";
  let isQuoted = false;
  for (let index = 0; index < raw.length; index++) {
    const sign = raw[index]!;
    if (sign === "\\") text += raw[++index];
    else if (sign !== '"') text += sign;
    else if (isQuoted && raw[index + 1] === '"') text += raw[++index];
    else isQuoted = !isQuoted;
  }
  return text;
}

/** A field with quotes where it must have them, or had them. */
export function writeField(text: string | null, value: string, from: number): string {
  if (text === null) return "";
  const mustBeQuoted = text === "" || value.charCodeAt(from) === QUOTE || /["\\()[\],\s]/.test(text);
  return mustBeQuoted ? `"${text.replaceAll(/["\\]/g, "$&$&")}"` : text;
}
