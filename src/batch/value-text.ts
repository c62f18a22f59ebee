/** A JavaScript value as the text that masks see. null and undefined are NULL; objects are JSON; bytes are `\x…` as PostgreSQL writes them. */
export function valueText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "string") return value;
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof Uint8Array) return `\\x${Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString("hex")}`;
  if (typeof value === "object") return JSON.stringify(value);
  return String(value);
}

/** Gives masked text the type of its original, where it can stand in it: "42" for a number is 42. Otherwise it stays text. */
export function restoreType(masked: string | null, original: unknown): unknown {
  if (masked === null) return null;
  switch (typeof original) {
    case "number": {
      const number = Number(masked);
      // A whole number that would be rounded stays text: rounded, two could meet in one.
      if (masked.trim() === "" || !Number.isFinite(number)) return masked;
      return Number.isSafeInteger(original) && Number.isInteger(number) && !Number.isSafeInteger(number) ? masked : number;
    }
    case "bigint":
      return /^-?\d+$/.test(masked) ? BigInt(masked) : masked;
    case "boolean":
      return masked === "true" ? true : masked === "false" ? false : masked;
    case "object":
      return restoreObject(masked, original);
    default:
      return masked;
  }
}

function restoreObject(masked: string, original: unknown): unknown {
  if (original instanceof Date) {
    const date = new Date(masked);
    return Number.isNaN(date.getTime()) ? masked : date;
  }
  if (original instanceof Uint8Array) return masked.startsWith("\\x") ? Buffer.from(masked.slice(2), "hex") : masked;
  try {
    return JSON.parse(masked);
  } catch {
    return masked;
  }
}
