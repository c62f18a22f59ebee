import { ByteWriter } from "../../batch/byte-writer.ts";
import type { RowBatch } from "../../contracts.ts";
import type { DumpFormat, DumpPart, DumpReader } from "../../formats/dump-format.ts";
import { WriteAhead } from "../write-ahead.ts";

/** Where a masked dump goes. */
export interface DumpOutput {
  /** Resolves when the bytes have left us: that is the back-pressure. */
  write(bytes: Buffer): Promise<void>;
  /** The same for the end of a run that failed, or was stopped. Does not wait for ever. */
  writeLast(bytes: Buffer): Promise<void>;
}

/** Bytes that are gathered before they are handed on. */
const WRITE_BYTES = 256 * 1024;
/** Statements before the first row are held back until the plan is known to be good; a schema of more than this is let go. */
const HELD_BYTES = 16 * 1024 * 1024;

/** Writes the parts of a dump, in whole parts, so that it is known where the output stands when the run fails. */
export class PipeOutput {
  readonly #format: DumpFormat;
  readonly #output: DumpOutput;
  /** One is filled while the other is written out: fresh memory for each would cost a page fault every 4 KiB. */
  #writer = new ByteWriter(2 * WRITE_BYTES);
  #other = new ByteWriter(2 * WRITE_BYTES);
  readonly #ahead: WriteAhead<Buffer>;
  #last: DumpPart | null = null;
  #isHeld = true;
  #hasWritten = false;

  constructor(format: DumpFormat, output: DumpOutput) {
    this.#format = format;
    this.#output = output;
    this.#ahead = new WriteAhead((bytes) => output.write(bytes));
  }

  /** Whether something went out that cannot be taken back. */
  get hasWritten(): boolean {
    return this.#hasWritten;
  }

  /** The plan is good: what was held back may go. */
  letGo(): void {
    this.#isHeld = false;
  }

  async text(bytes: Uint8Array): Promise<void> {
    this.#last = { type: "text", bytes };
    this.#writer.copy(bytes, 0, bytes.length);
    await this.#spill();
  }

  async rows(part: DumpPart & { readonly type: "rows" }, batch: RowBatch): Promise<void> {
    const from = this.#writer.position;
    try {
      this.#format.writeRows(batch, this.#writer);
    } catch (error) {
      this.#writer.position = from;
      throw error;
    }
    this.#last = part;
    await this.#spill();
  }

  async end(): Promise<void> {
    await this.#flush();
    await this.#ahead.settled();
  }

  /** Makes whoever reads the output fail too, where it has got anything. */
  async fail(reader: DumpReader): Promise<void> {
    if (!this.#hasWritten || this.#last === null) return;
    // What is under way comes before it, also where an abort let nobody wait for it.
    await this.#ahead.settled().catch(() => {});
    this.#writer.text(this.#format.failure(this.#last, reader));
    await this.#output.writeLast(this.#writer.take());
  }

  async #spill(): Promise<void> {
    if (this.#writer.position >= (this.#isHeld ? HELD_BYTES : WRITE_BYTES)) await this.#flush();
  }

  async #flush(): Promise<void> {
    if (this.#writer.position === 0) return;
    this.#hasWritten = true;
    const { bytes, position } = this.#writer;
    // Resolves when the write before is done, so that its memory is free.
    await this.#ahead.push(bytes.subarray(0, position));
    [this.#writer, this.#other] = [this.#other, this.#writer];
    this.#writer.clear();
  }
}
