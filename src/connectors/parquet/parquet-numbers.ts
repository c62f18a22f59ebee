import type { SchemaElement } from "hyparquet";
import type { Leaf, Physical } from "./parquet-leaf.ts";

const SIGNS: Readonly<Record<string, readonly [bits: number, isSigned: boolean]>> = {
  UINT_8: [8, false],
  UINT_16: [16, false],
  UINT_32: [32, false],
  UINT_64: [64, false],
  INT_8: [8, true],
  INT_16: [16, true],
};

/** Values of an unsigned type are stored as the signed ones of the same bits. */
export function integer({ type, converted_type: converted, logical_type: logical }: SchemaElement): Leaf {
  const width = type === "INT32" ? 32 : 64;
  const said = logical?.type === "INTEGER" ? ([logical.bitWidth, logical.isSigned] as const) : SIGNS[converted ?? ""];
  const [bits, isSigned] = said ?? [width, true];
  const range = isSigned
    ? { min: -(2n ** BigInt(bits - 1)), max: 2n ** BigInt(bits - 1) - 1n }
    : { min: 0n, max: 2n ** BigInt(bits) - 1n };
  const stored = (value: bigint): Physical => (width === 32 ? Number(BigInt.asIntN(32, value)) : BigInt.asIntN(64, value));
  return {
    ...{ kind: "integer", type: `${isSigned ? "" : "u"}int${bits}`, range, isOrdered: isSigned, isNumber: true },
    text: (value) => String(isSigned ? value : BigInt.asUintN(width, BigInt(value as number | bigint))),
    value: (text) => {
      if (!/^[-+]?\d+$/.test(text)) return undefined;
      const value = BigInt(text.replace("+", ""));
      return value < range.min || value > range.max ? undefined : stored(value);
    },
  };
}

export function decimal(element: SchemaElement): Leaf {
  const { type, type_length: length } = element;
  const { logical_type: logical } = element;
  const [precision, scale] =
    logical?.type === "DECIMAL" ? [logical.precision, logical.scale] : [element.precision ?? 0, element.scale ?? 0];
  return {
    ...{ kind: "decimal", type: `decimal(${precision},${scale})`, range: null, isOrdered: false, isNumber: true },
    text: (value) => scaledText(value instanceof Uint8Array ? bigEndian(value) : BigInt(value as number | bigint), scale),
    value: (text) => {
      const unscaled = unscaledOf(text, precision, scale);
      if (unscaled === undefined) return undefined;
      if (type === "INT32") return Number(unscaled);
      return type === "INT64" ? unscaled : bigEndianBytes(unscaled, type === "FIXED_LEN_BYTE_ARRAY" ? length! : null);
    },
  };
}

function scaledText(unscaled: bigint, scale: number): string {
  const digits = String(unscaled < 0n ? -unscaled : unscaled).padStart(scale + 1, "0");
  const text = scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`;
  return unscaled < 0n ? `-${text}` : text;
}

function unscaledOf(text: string, precision: number, scale: number): bigint | undefined {
  const [whole, sign, before = "", after = ""] = /^([-+]?)(\d*)(?:\.(\d*))?$/.exec(text) ?? [];
  if (whole === undefined || before + after === "") return undefined;
  const fraction = after.replace(/0+$/, "");
  if (fraction.length > scale) return undefined;
  const unscaled = BigInt(before + fraction.padEnd(scale, "0"));
  if (unscaled >= 10n ** BigInt(precision)) return undefined;
  return sign === "-" ? -unscaled : unscaled;
}

/** Two's complement, the most significant byte first. */
function bigEndian(value: Uint8Array): bigint {
  if (value.length === 0) return 0n;
  return BigInt.asIntN(value.length * 8, BigInt(`0x${Buffer.from(value).toString("hex")}`));
}

function bigEndianBytes(value: bigint, length: number | null): Uint8Array {
  let size = length ?? 1;
  while (length === null && BigInt.asIntN(size * 8, value) !== value) size++;
  return Buffer.from(
    BigInt.asUintN(size * 8, value)
      .toString(16)
      .padStart(size * 2, "0"),
    "hex",
  );
}

export function floatOf(text: string): number | undefined {
  if (/^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i.test(text)) return Number(text);
  return { NaN: Number.NaN, Infinity: Number.POSITIVE_INFINITY, "-Infinity": Number.NEGATIVE_INFINITY }[text];
}

export const doubleText = (value: number): string => (Object.is(value, -0) ? "-0" : String(value));

/** The shortest text that stands for a number of 32 bits. */
export function floatText(value: number): string {
  if (!Number.isFinite(value) || value === 0) return doubleText(value);
  for (let digits = 1; digits < 9; digits++) {
    const shorter = Number(value.toPrecision(digits));
    if (Math.fround(shorter) === value) return String(shorter);
  }
  return String(Number(value.toPrecision(9)));
}
