import type { Shard } from "../../contracts.ts";
import type { CsvDialect } from "../../formats/csv/csv-dialect.ts";
import { createRowEnds } from "../../formats/csv/csv-row-ends.ts";
import type { ByteRange } from "../read-file.ts";

/**
 * Cuts the bytes of a file behind its header, which start at `start`, where rows end: parts of `bytes` bytes and what their last row has more. Each is given as
 * soon as its end is known. A file without rows has one part without any.
 */
export async function* cutRows(
  chunks: AsyncIterable<Uint8Array>,
  start: number,
  bytes: number,
  dialect: CsvDialect,
): AsyncGenerator<Shard> {
  const rowEnds = createRowEnds(dialect);
  let from = start;
  let position = start;
  for await (const chunk of chunks) {
    const buffer = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.length);
    for (let at = 0; ; ) {
      const full = Math.min(Math.max(from + bytes - 1 - position, at), buffer.length);
      rowEnds.skip(buffer, at, full);
      at = rowEnds.next(buffer, full);
      if (at < 0) break;
      yield shardOf(from, position + at);
      from = position + at;
    }
    position += buffer.length;
  }
  if (from < position || position === start) yield shardOf(from, position);
}

function shardOf(from: number, to: number): Shard {
  const range: ByteRange = { from, to };
  return { id: String(from), range };
}
