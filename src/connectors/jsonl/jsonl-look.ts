import type { ColumnKind } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { JsonFault, skipSpace } from "../../formats/json/json-bytes.ts";
import { nameOf } from "../../formats/json/jsonl-keys.ts";
import { walkLines } from "../../formats/json/jsonl-rows.ts";
import { MAX_ROW_BYTES } from "../../formats/json/jsonl-scanner.ts";

const LF = 0x0a;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
/** More names than that are data rather than names. */
const MOST_NAMES = 5000;

/** The names in a file's first lines, in the order in which they first come, each with the kind that holds all of its values. */
export type SeenKeys = ReadonlyMap<string, ColumnKind>;

export interface LookOptions {
  /** Bytes that are looked at; of a first line that is longer, all. */
  readonly lookAt: number;
  /** As errors name the file. */
  readonly file: string;
  readonly maxRowBytes?: number | undefined;
}

/** Looks at the lines in the first bytes; a last line that is cut off is not looked at. */
export async function lookAtKeys(chunks: AsyncIterable<Uint8Array>, options: LookOptions): Promise<SeenKeys> {
  const { lookAt, file, maxRowBytes = MAX_ROW_BYTES } = options;
  const look = new Look(file);
  let rest: Buffer[] = [];
  let restBytes = 0;
  let total = 0;
  for await (const chunk of chunks) {
    total += chunk.length;
    const to = chunk.lastIndexOf(LF) + 1;
    if (to > 0) {
      look.at(Buffer.concat([...rest, chunk.subarray(0, to)]));
      rest = [];
      restBytes = 0;
    }
    // The chunk's memory is used again.
    rest.push(Buffer.from(chunk.subarray(to)));
    restBytes += chunk.length - to;
    if (!look.hasBegun) look.atStart(rest[0]!);
    if (total >= lookAt && look.hasBegun) return look.seen();
    if (restBytes > maxRowBytes) throw look.malformed("a line is longer than maxRowBytes", restBytes);
  }
  look.at(Buffer.concat(rest));
  return look.seen();
}

class Look {
  readonly #file: string;
  readonly #kinds = new Map<string, ColumnKind | null>();
  #rows = 0;
  #offset = 0;

  constructor(file: string) {
    this.#file = file;
  }

  /** Whether lines have been looked at. */
  get hasBegun(): boolean {
    return this.#offset > 0;
  }

  seen(): SeenKeys {
    return new Map([...this.#kinds].map(([name, kind]) => [name, kind ?? "text"]));
  }

  /** What is no object by its first byte is told before its line has come, which may be the whole file. */
  atStart(bytes: Buffer): void {
    const start = bytes.subarray(0, BOM.length).equals(BOM) ? BOM.length : 0;
    const first = skipSpace(bytes, start);
    if (first < bytes.length && bytes[first] !== 0x7b) throw this.malformed("the line is no object", first, bytes[first]);
  }

  at(bytes: Buffer): void {
    const from = !this.hasBegun && bytes.subarray(0, BOM.length).equals(BOM) ? BOM.length : 0;
    try {
      walkLines(
        bytes,
        ...([from, bytes.length] as const),
        (nameFrom, nameTo, valueFrom, valueTo) => {
          const name = nameOf(bytes, nameFrom, nameTo);
          this.#kinds.set(name, common(this.#kinds.get(name) ?? null, kindOf(bytes, valueFrom, valueTo)));
        },
        () => this.#endRow(),
      );
    } catch (error) {
      if (error instanceof JsonFault) throw this.malformed(error.what, error.at, bytes[error.at]);
      throw error;
    }
    this.#offset += bytes.length;
  }

  malformed(what: string, at: number, byte?: number): StandinError {
    return new StandinError("FORMAT_INVALID", `${this.#file} is malformed in row ${this.#rows + 1}: ${what}.`, {
      ...{ file: this.#file, row: this.#rows + 1, offset: this.#offset + at },
      hint: `JSON Lines holds one JSON object a line (RFC 8259, UTF-8)${byte === 0x5b ? ": make such of a list by jq -c '.[]'" : ", ended by LF: make such of others by jq -c ."}.`,
    });
  }

  #endRow(): void {
    this.#rows++;
    if (this.#kinds.size <= MOST_NAMES) return;
    const message = `${this.#file} has more than ${MOST_NAMES} keys: they look like data.`;
    throw new StandinError("FORMAT_INVALID", message, { file: this.#file });
  }
}

/** Null for `null`, which is of any kind. */
function kindOf(bytes: Buffer, from: number, to: number): ColumnKind | null {
  switch (bytes[from]) {
    case 0x22:
      return "text";
    case 0x7b:
    case 0x5b:
      return "json";
    case 0x74:
    case 0x66:
      return "boolean";
    case 0x6e:
      return null;
    default: {
      const written = bytes.toString("latin1", from, to);
      return /e/i.test(written) ? "float" : written.includes(".") ? "decimal" : "integer";
    }
  }
}

const NUMBERS: readonly ColumnKind[] = ["integer", "decimal", "float"];

/** The kind that holds both: of numbers the wider, a document where one is, else text. */
function common(one: ColumnKind | null, other: ColumnKind | null): ColumnKind | null {
  if (one === null || other === null || one === other) return one ?? other;
  if (NUMBERS.includes(one) && NUMBERS.includes(other)) return NUMBERS[Math.max(NUMBERS.indexOf(one), NUMBERS.indexOf(other))]!;
  return one === "json" || other === "json" ? "json" : "text";
}
