/** How a scheme's identifiers are written. */
export interface IdWriting {
  readonly alsoCounts?: string;
  readonly isSmall?: true;
  readonly countsAll?: true;
}

/** The characters of a value that count, letters as capitals: `nl91 abna 0417` → `NL91ABNA0417`. Null where capitals and small letters are mixed. */
export function compactOf(value: string, { alsoCounts = "", countsAll }: IdWriting): string | null {
  if (countsAll) return value;
  let compact = "";
  let from = 0;
  let hasSmall = false;
  let hasCapital = false;
  let isAscii = true;
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code >= 0x30 && code <= 0x39) continue;
    if (code >= 0x41 && code <= 0x5a) hasCapital = true;
    else if (code >= 0x61 && code <= 0x7a) hasSmall = true;
    else {
      if (code >= 0x80) isAscii = false;
      if (alsoCounts.includes(value[index]!)) continue;
      compact += value.slice(from, index);
      from = index + 1;
    }
  }
  compact = from === 0 ? value : compact + value.slice(from);
  // A digit or letter of another script is no layout: what it means is not known here.
  if (!isAscii && OTHER.test(withoutThese(value, alsoCounts))) return null;
  if (!hasSmall) return compact;
  return hasCapital ? null : compact.toUpperCase();
}

/** Whether a compact text has a letter. */
export function hasLetter(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > NINE) return true;
  return false;
}

const NINE = 0x39;

/** Writes the new characters where a value has its old ones. */
export function inLayoutOf(value: string, text: string, { alsoCounts = "", isSmall, countsAll }: IdWriting): string {
  const written = countsAll || !isWrittenSmall(value, isSmall ?? false) ? text : text.toLowerCase();
  if (written.length === value.length) return written;
  let laidOut = "";
  let from = 0;
  let layout = 0;
  for (let index = 0; index < value.length; index++) {
    if (counts(value.charCodeAt(index)) || alsoCounts.includes(value[index]!)) continue;
    laidOut += written.slice(from, index - layout) + value[index]!;
    from = index - layout;
    layout++;
  }
  return laidOut + written.slice(from);
}

function isWrittenSmall(value: string, usually: boolean): boolean {
  for (let index = 0; index < value.length; index++) {
    const code = value.charCodeAt(index);
    if (code >= 0x61 && code <= 0x7a) return true;
    if (code >= 0x41 && code <= 0x5a) return false;
  }
  return usually;
}

function counts(code: number): boolean {
  return (code >= 0x30 && code <= 0x39) || (code >= 0x41 && code <= 0x5a) || (code >= 0x61 && code <= 0x7a);
}

function withoutThese(value: string, chars: string): string {
  return chars === "" ? value : [...value].filter((char) => !chars.includes(char)).join("");
}

const OTHER = /(?![0-9A-Za-z])[\p{N}\p{L}]/u;
