/** Runs shorter than this are copied byte by byte: a native call costs about 60 ns whatever it copies. */
const LOOP_LIMIT = 32;

/** A growing run of output bytes. Callers on the hot path reserve room once and then write to `bytes` at `position` themselves. */
export class ByteWriter {
  bytes: Buffer;
  position = 0;
  readonly #borrowFrom: number;
  /** What is complete before `bytes` from `#open` on: own bytes, and those of others. */
  #pieces: Buffer[] = [];
  #open = 0;

  /** Runs of source bytes from `borrowFrom` on are not copied: whoever writes them may not give the source away before. */
  constructor(capacity = 64 * 1024, borrowFrom = Number.POSITIVE_INFINITY) {
    this.bytes = Buffer.allocUnsafeSlow(capacity);
    this.#borrowFrom = borrowFrom;
  }

  /** Makes sure that `length` more bytes fit. */
  reserve(length: number): void {
    const needed = this.position + length;
    if (needed <= this.bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(needed, this.bytes.length * 2));
    this.bytes.copy(grown, 0, 0, this.position);
    this.bytes = grown;
  }

  /** Appends `source[from, to)`. */
  copy(source: Uint8Array, from: number, to: number): void {
    const length = to - from;
    if (length >= this.#borrowFrom) {
      this.#pieces.push(this.bytes.subarray(this.#open, this.position), (source as Buffer).subarray(from, to));
      this.#open = this.position;
      return;
    }
    this.reserve(length);
    const { bytes } = this;
    let position = this.position;
    if (length < LOOP_LIMIT) {
      for (let index = from; index < to; index++) bytes[position++] = source[index]!;
    } else {
      (source as Buffer).copy(bytes, position, from, to);
      position += length;
    }
    this.position = position;
  }

  byte(value: number): void {
    this.reserve(1);
    this.bytes[this.position++] = value;
  }

  /** Appends text as UTF-8. */
  text(value: string): void {
    this.reserve(value.length * 3);
    this.position += this.bytes.write(value, this.position, "utf8");
  }

  /** Whether there are bytes of others among what is written. */
  get isBorrowing(): boolean {
    return this.#pieces.length > 0;
  }

  /** What is written, in order. */
  pieces(): readonly Buffer[] {
    return [...this.#pieces, this.bytes.subarray(this.#open, this.position)].filter(({ length }) => length > 0);
  }

  /** Starts anew in the same memory. */
  clear(): void {
    this.position = 0;
    this.#open = 0;
    this.#pieces = [];
  }

  /** Hands what is written over and starts anew: the caller owns what it got, but for what is borrowed. */
  takePieces(): readonly Buffer[] {
    const pieces = this.pieces();
    this.take();
    this.#open = 0;
    this.#pieces = [];
    return pieces;
  }

  /** The same for a writer that borrows nothing. */
  take(): Buffer {
    const taken = this.bytes.subarray(0, this.position);
    this.bytes = Buffer.allocUnsafeSlow(Math.max(64 * 1024, this.position + (this.position >> 3)));
    this.position = 0;
    return taken;
  }
}
