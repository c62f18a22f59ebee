import xxhash from "xxhash-wasm";
import { ByteBatch } from "../batch/byte-batch.ts";
import type { RowBatch } from "../contracts.ts";

/** Bytes given to the hash at a time: it keeps memory for the most that it was ever given. */
const PIECE_BYTES = 1024 * 1024;

/** XXH64 over rows as the source gave them, whatever batches they came in. No protection: it tells whether the same rows come again. */
export interface RowsChecksum {
  /** Before anything of the batch is masked. */
  add(batch: RowBatch): void;
  /** 16 hexadecimal digits. */
  end(): string;
}

/** For rows of so many columns. */
export async function createRowsChecksum(columnCount: number): Promise<RowsChecksum> {
  const { create64 } = await xxhash();
  const hash = create64();
  const addBytes = (bytes: Uint8Array) => {
    for (let from = 0; from < bytes.length; from += PIECE_BYTES) hash.update(bytes.subarray(from, from + PIECE_BYTES));
  };
  return {
    add(batch) {
      if (batch instanceof ByteBatch) addBytes(batch.bytes.subarray(batch.from, batch.to));
      else for (const row of rowsOf(batch, columnCount)) hash.update(row);
    },
    end: () => hash.digest().toString(16).padStart(16, "0"),
  };
}

/** Rows of a source without bytes, or in another order of columns than its bytes, each in a form that tells its cells apart. */
function* rowsOf(batch: RowBatch, columnCount: number): Generator<string> {
  const columns = Array.from({ length: columnCount }, (_, index) => batch.column(index));
  for (let row = 0; row < batch.rowCount; row++) yield JSON.stringify(columns.map((values) => values[row]));
}
