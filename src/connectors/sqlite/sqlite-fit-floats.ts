const NUMBER = /^[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?$/i;
const WHOLE = /^[-+]?\d+$/;
/** As many digits tell all floats of four bytes apart. */
const SINGLE_DIGITS = 9;

export const isNumber = (text: string): boolean => NUMBER.test(text);

/** Whether a number comes back from a column of floats as it is written: not where it has more digits than they keep. */
export function fitOfFloats(type: string): (text: string, storage: string) => boolean {
  const isSingle = /^(?:real|float)\b/.test(type);
  // MySQL's float(7,4) rounds.
  const scale = /\(\d+,\s*(\d+)\)/.exec(type)?.[1];
  return (text, storage) => {
    if (!NUMBER.test(text)) return storage === "real";
    const number = Number(text);
    if (scale !== undefined && Number(number.toFixed(Number(scale))) !== number) return false;
    return isExact(text, number) && (!isSingle || isOfSingle(number));
  };
}

function isExact(text: string, number: number): boolean {
  if (!Number.isFinite(number)) return false;
  return WHOLE.test(text) ? BigInt(text.replace("+", "")) === BigInt(number) : significant(text) === significant(String(number));
}

/** Whether a float of four bytes is the number, or is written as it. */
function isOfSingle(number: number): boolean {
  const single = Math.fround(number);
  if (single === number || !Number.isFinite(single)) return single === number;
  for (let digits = 1; digits <= SINGLE_DIGITS; digits++) {
    const written = Number(single.toPrecision(digits));
    if (Math.fround(written) === single) return written === number;
  }
  return false;
}

/** The digits of a number, and where they stand, however it is written. */
function significant(text: string): string {
  const [mantissa = "", exponent = "0"] = text.toLowerCase().replace(/^[-+]/, "").split("e");
  const [whole = "", fraction = ""] = mantissa.split(".");
  const digits = (whole + fraction).replace(/^0+/, "");
  const kept = digits.replace(/0+$/, "");
  return kept === "" ? "0" : `${kept}e${Number(exponent) - fraction.length + digits.length - kept.length}`;
}
