import { ByteBatch } from "../../batch/byte-batch.ts";
import type { RowBatch } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import type { DumpPart, DumpReader } from "../../formats/dump-format.ts";
import { tableName } from "../../table-ref.ts";
import type { DumpInput } from "./dump-input.ts";
import { type DumpRange, DumpRanges } from "./dump-ranges.ts";

export type DumpRows = DumpPart & { readonly type: "rows" };

/**
 * Reads ranges of a dump again. A plain file is entered at the range. What is packed can be read from its beginning alone: the stream that gave the last range goes on
 * to the next, so that tables in the dump's order cost one reading in all.
 */
export class DumpReading {
  readonly #input: DumpInput;
  /** Has read the whole dump. */
  readonly #former: DumpReader;
  readonly #signal: AbortSignal;
  #stream: PackedStream | null = null;

  constructor(input: DumpInput, former: DumpReader, signal: AbortSignal) {
    this.#input = input;
    this.#former = former;
    this.#signal = signal;
  }

  async *rows(range: DumpRange): AsyncGenerator<DumpRows> {
    const { format, canSeek } = this.#input;
    if (!canSeek) return yield* this.#packed(range);
    let left = range.rowCount;
    const parts = format.reader(this.#former).parts(this.#input.bytes(this.#signal, range.offset), this.#signal);
    for await (const part of parts) {
      if (part.type === "text") continue;
      if (tableName(part.table) !== tableName(range.table)) break;
      left -= part.batch.rowCount;
      yield { ...part, batch: renumbered(part.batch, range.firstRow) };
      if (left === 0) return;
    }
    throw changed(this.#input.path);
  }

  async *#packed(range: DumpRange): AsyncGenerator<DumpRows> {
    // Somebody else reads from it, or it is past the range.
    let stream = this.#stream;
    if (stream === null || stream.next > range.index) {
      await stream?.close();
      stream = new PackedStream(this.#input, this.#signal);
    }
    this.#stream = null;
    try {
      yield* stream.rows(range);
    } finally {
      // Also where the caller has seen enough: the next range lies further on.
      if (this.#stream === null) this.#stream = stream;
      else await stream.close();
    }
  }

  async close(): Promise<void> {
    await this.#stream?.close();
    this.#stream = null;
  }
}

class PackedStream {
  /** The first range that is still to come. */
  next = 0;
  readonly #path: string;
  readonly #parts: AsyncIterator<DumpPart>;
  readonly #ranges = new DumpRanges();
  /** The first rows of the next range, met while this one's end was looked for. */
  #ahead: DumpRows | null = null;

  constructor(input: DumpInput, signal: AbortSignal) {
    this.#path = input.path;
    this.#parts = input.format.reader().parts(input.bytes(signal), signal)[Symbol.asyncIterator]();
  }

  async *rows(range: DumpRange): AsyncGenerator<DumpRows> {
    this.next = range.index + 1;
    for (;;) {
      const part = this.#ahead ?? (await this.#nextRows());
      this.#ahead = null;
      if (part === null) break;
      const { index } = this.#ranges.all.at(-1)!;
      if (index < range.index) part.batch.release?.();
      else if (index > range.index) {
        this.#ahead = part;
        return;
      } else yield part;
    }
    if (this.#ranges.all.length !== this.next) throw changed(this.#path);
  }

  async close(): Promise<void> {
    await this.#parts.return?.();
  }

  async #nextRows(): Promise<DumpRows | null> {
    for (;;) {
      const { done, value } = await this.#parts.next();
      if (done) return null;
      if (value.type === "text") continue;
      this.#ranges.add(value);
      return value;
    }
  }
}

/** A reader that begins in the middle counts from 0. */
function renumbered(batch: RowBatch, firstRow: number): RowBatch {
  if (firstRow === 0 || !(batch instanceof ByteBatch)) return batch;
  const { table, format, bytes, from, to, starts, ends, columnCount, rowCount } = batch;
  const parts = { table, format, bytes, from, to, starts, ends, columnCount, rowCount };
  return new ByteBatch({ ...parts, firstRow: firstRow + batch.firstRow, onRelease: () => batch.release() });
}

function changed(path: string): StandinError {
  return new StandinError("SOURCE_FAILED", `${path} is not as it was when its tables were looked for.`, {
    file: path,
    hint: "Run again when the dump is complete.",
  });
}
