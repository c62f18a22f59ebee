/** What is said of a number that is read as another, and what to do where it has too many digits. */
export const OTHER_NUMBER = "has a number that would be read as another one";
export const LONG_NUMBER = "Put it in quotes if its digits matter: they are kept as they stand there. Else write fewer.";

/**
 * Whether the number that stands in a text is the one that it is read as. A double tells fifteen digits and some of the next two: `0.12345678901234567891` is read as its
 * neighbour, and `12345678901234567890` and `1e400` as others too.
 */
export function isReadExactly(written: string, value: number): boolean {
  if (!Number.isFinite(value)) return false;
  const [one, other] = [decimalOf(written), decimalOf(String(value))];
  return one !== null && other !== null && one.digits === other.digits && one.exponent === other.exponent;
}

/** Digits without zeros at their ends, and where the point stands among them; null for what is no decimal number. */
function decimalOf(text: string): { readonly digits: string; readonly exponent: number } | null {
  const [, sign, whole, fraction = "", power = "0"] = /^([-+]?)(\d*)(?:\.(\d*))?(?:e([-+]?\d+))?$/i.exec(text.trim()) ?? [];
  if (whole === undefined) return null;
  const all = whole + fraction;
  const start = all.search(/[1-9]/);
  if (start < 0) return { digits: "0", exponent: 0 };
  return {
    digits: (sign === "-" ? "-" : "") + all.slice(start).replace(/0+$/, ""),
    exponent: whole.length - start + Number(power),
  };
}
