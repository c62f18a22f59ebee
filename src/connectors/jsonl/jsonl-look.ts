import type { ColumnKind } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { JsonFault } from "../../formats/json/json-bytes.ts";
import { nameOf } from "../../formats/json/jsonl-keys.ts";
import { walkLines } from "../../formats/json/jsonl-rows.ts";

const LF = 0x0a;
const BOM = Buffer.from([0xef, 0xbb, 0xbf]);
/** More names than that are data rather than names. */
const MOST_NAMES = 5000;

/** The names in a file's first lines, in the order in which they first come, each with the kind that holds all of its values. */
export type SeenKeys = ReadonlyMap<string, ColumnKind>;

/** Looks at the lines in the first `most` bytes; a last line that is cut off is not looked at. */
export async function lookAtKeys(chunks: AsyncIterable<Uint8Array>, most: number, file: string): Promise<SeenKeys> {
  const seen = new Map<string, ColumnKind | null>();
  let rest: Buffer = Buffer.alloc(0);
  let total = 0;
  let isStart = true;
  const look = (bytes: Buffer, to: number) => {
    const from = isStart && bytes.subarray(0, BOM.length).equals(BOM) ? BOM.length : 0;
    isStart = false;
    lookAtLines(bytes, from, to, seen, file, total - bytes.length);
  };
  for await (const chunk of chunks) {
    total += chunk.length;
    const bytes: Buffer = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
    const to = bytes.lastIndexOf(LF) + 1;
    if (to > 0) look(bytes, to);
    rest = bytes.subarray(to);
    if (total >= most && (to > 0 || seen.size > 0)) return settled(seen);
  }
  look(rest, rest.length);
  return settled(seen);
}

function lookAtLines(
  bytes: Buffer,
  from: number,
  to: number,
  seen: Map<string, ColumnKind | null>,
  file: string,
  offset: number,
): void {
  try {
    walkLines(
      bytes,
      from,
      to,
      (nameFrom, nameTo, valueFrom, valueTo) => {
        const name = nameOf(bytes, nameFrom, nameTo);
        seen.set(name, common(seen.get(name) ?? null, kindOf(bytes, valueFrom, valueTo)));
      },
      () => {
        if (seen.size > MOST_NAMES)
          throw new StandinError("FORMAT_INVALID", `${file} has more than ${MOST_NAMES} keys: they look like data.`, { file });
      },
    );
  } catch (error) {
    if (!(error instanceof JsonFault)) throw error;
    throw new StandinError("FORMAT_INVALID", `${file} is malformed: ${error.what}.`, {
      file,
      offset: offset + error.at,
      hint: "JSON Lines holds one JSON object a line (RFC 8259, UTF-8).",
    });
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

const settled = (seen: ReadonlyMap<string, ColumnKind | null>): SeenKeys =>
  new Map([...seen].map(([name, kind]) => [name, kind ?? "text"]));
