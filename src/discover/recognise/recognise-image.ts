import { type Recogniser, shareOf } from "./recogniser.ts";

/** First bytes of PNG, JPEG, GIF, BMP, TIFF, WebP, ICO, HEIF, PDF, ZIP (office documents) and OLE (in which Access keeps pictures), in hexadecimal digits. */
const MAGIC =
  /^(?:89504e47|ffd8ff|47494638|424d[\da-f]{8}0000|49492a00|4d4d002a|52494646[\da-f]{8}57454250|00000100|000000[\da-f]{2}66747970|25504446|504b0304|d0cf11e0a1b11ae1|151c2f00)/;

/** A picture as PostgreSQL (`\x89…`), MySQL (`0x89…`), or Base64 write its bytes. */
export function isPicture(value: string): boolean {
  const start = value.slice(0, 200);
  if (/^(?:\\x|0x|x')?[\da-f]{16,}/i.test(start)) return MAGIC.test(start.replace(/^(?:\\x|0x|x')/i, "").toLowerCase());
  const base64 = start.replace(/^data:image\/[\w+.-]{1,20};base64,/, "");
  if (/^[A-Za-z\d+/]{16}/.test(base64)) return MAGIC.test(Buffer.from(base64.slice(0, 32), "base64").toString("hex"));
  return /^data:image\//.test(start) || MAGIC.test(Buffer.from(start.slice(0, 16), "latin1").toString("hex"));
}

/** A picture as SVG, which is text. */
const isDrawing = (value: string) => /^(?:<\?xml[^>]{0,200}\?>\s*)?<svg[\s>]/.test(value);

export const recogniseImage: Recogniser = {
  kind: "image",
  accepts: ["bytes", "text"],
  measure: (values) => ({
    kind: "image",
    share: shareOf(values, (value) => isPicture(value) || isDrawing(value)),
    // Icons are drawn; a signature is told by the column's name.
    alone: shareOf(values, isDrawing) > 0.5 ? 0 : 0.5,
    support: 0.9,
    isNeeded: false,
    says: "are pictures or documents",
  }),
};
