import { ByteWriter } from "../../src/batch/byte-writer.ts";
import type { DataSchema } from "../../src/contracts.ts";
import type { DumpFormat, DumpPart } from "../../src/formats/dump-format.ts";

export type RowsPart = Extract<DumpPart, { type: "rows" }>;

/** Reads a dump in chunks of some size, lets each batch be masked, and gives what comes out. */
export async function pipeDump(
  format: DumpFormat,
  dump: Uint8Array,
  chunkSize = 64 * 1024,
  mask: (part: RowsPart) => void = () => {},
  reader = format.reader(),
): Promise<{ output: Buffer; rows: number; schema: DataSchema; texts: Buffer }> {
  const output = new ByteWriter();
  const texts: Uint8Array[] = [];
  let rows = 0;
  for await (const part of reader.parts(cut(dump, chunkSize), new AbortController().signal)) {
    if (part.type === "text") {
      texts.push(part.bytes);
      output.copy(part.bytes, 0, part.bytes.length);
    } else {
      rows += part.batch.rowCount;
      mask(part);
      format.writeRows(part.batch, output);
      part.batch.release?.();
    }
  }
  return { output: output.take(), rows, schema: reader.schema(), texts: Buffer.concat(texts) };
}

/** Sets every value of a column, NULLs aside. */
export function maskColumn({ columns, batch }: RowsPart, name: string, mask: (value: string) => string | null): void {
  const index = columns.indexOf(name);
  if (index < 0) return;
  batch.replace(
    index,
    batch.column(index).map((value) => (value === null ? null : mask(value))),
  );
}

async function* cut(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
