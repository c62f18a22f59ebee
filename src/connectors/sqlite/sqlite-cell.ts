import { isUtf8 } from "node:buffer";
import type { ColumnKind } from "../../contracts.ts";
import type { Stored } from "./sqlite-library.ts";

/** What SQLite says of a value: https://sqlite.org/datatype3.html §2. */
export type StorageClass = "null" | "integer" | "real" | "text" | "blob";

/** A cell as it is stored. The value of a text is its bytes. */
export interface Cell {
  readonly storage: StorageClass;
  readonly value: Stored;
}

/** The text of a cell, undefined for a text that is no UTF-8. Bytes are as PostgreSQL writes them. */
export function textOf(storage: StorageClass, value: Stored): string | null | undefined {
  switch (storage) {
    case "null":
      return null;
    case "text":
      return isUtf8(value as Buffer) ? (value as Buffer).toString("utf8") : undefined;
    case "blob":
      return `\\x${(value as Buffer).toString("hex")}`;
    default:
      return Object.is(value, -0) ? "-0" : String(value);
  }
}

const INTEGER = /^-?\d{1,19}$/;
const REAL = /^-?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const BYTES = /^\\x(?:[\da-f]{2})*$/i;

/** A masked cell: of the storage class of its original, where it can be, else text. */
export function storedLike(text: string, storage: StorageClass, kind: ColumnKind): Stored {
  if (storage === "integer" && INTEGER.test(text)) return fitting(text);
  if ((storage === "integer" || storage === "real") && REAL.test(text)) return Number(text);
  if (storage === "blob" && BYTES.test(text)) return Buffer.from(text.slice(2), "hex");
  // A number's column takes a boolean as a number alone.
  if (storage === "integer" && kind === "boolean") return storedAs(text, kind);
  return text;
}

/** A cell of another system, by what its column holds. SQLite makes numbers of text where the column is for such. */
export function storedAs(text: string, kind: ColumnKind): Stored {
  if (kind === "bytes" && BYTES.test(text)) return Buffer.from(text.slice(2), "hex");
  if (kind === "boolean" && /^(t|true)$/i.test(text)) return 1n;
  return kind === "boolean" && /^(f|false)$/i.test(text) ? 0n : text;
}

function fitting(text: string): Stored {
  const value = BigInt(text);
  return BigInt.asIntN(64, value) === value ? value : text;
}
