/** A decimal number as scaled integer: `-12.50` is -1250 with 2 decimals. */
export interface Decimal {
  readonly scaled: bigint;
  readonly decimals: number;
}

const PLAIN = /^([+-]?)(\d*)(?:\.(\d*))?$/;
const SCIENTIFIC = /^([+-]?\d*(?:\.\d*)?)[eE]([+-]?\d{1,4})$/;

/** Reads plain and scientific notation exactly, whatever the number of digits. null for anything else. */
export function parseDecimal(text: string): Decimal | null {
  const scientific = SCIENTIFIC.exec(text);
  if (scientific !== null) {
    const base = parseDecimal(scientific[1]!);
    if (base === null) return null;
    const decimals = base.decimals - Number(scientific[2]);
    return decimals >= 0 ? { scaled: base.scaled, decimals } : { scaled: base.scaled * 10n ** BigInt(-decimals), decimals: 0 };
  }
  const found = PLAIN.exec(text);
  if (found === null || (found[2] === "" && (found[3] ?? "") === "")) return null;
  const [, sign, whole, fraction = ""] = found;
  const scaled = BigInt(`${whole}${fraction}`);
  return { scaled: sign === "-" ? -scaled : scaled, decimals: fraction.length };
}

/** Writes a decimal in plain notation with exactly its decimals. */
export function formatDecimal({ scaled, decimals }: Decimal): string {
  const isNegative = scaled < 0n;
  const text = (isNegative ? -scaled : scaled).toString().padStart(decimals + 1, "0");
  const whole = text.slice(0, text.length - decimals);
  return `${isNegative ? "-" : ""}${whole}${decimals === 0 ? "" : `.${text.slice(text.length - decimals)}`}`;
}
