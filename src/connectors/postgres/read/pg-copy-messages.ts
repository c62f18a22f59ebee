/** First bytes of messages (PostgreSQL manual, "Message Formats"). */
const COPY_DATA = 0x64;
/** What comes between a COPY's rows and says nothing about them: CopyOutResponse, and messages that a server may send at any time. */
const PASSED_OVER = [0x48, 0x53, 0x4e, 0x41];

/** A message's first byte, and its length. */
const HEADER_BYTES = 5;
/** Runs shorter than this are moved byte by byte: a native call costs about 60 ns whatever it moves. */
const LOOP_LIMIT = 64;

/** What a read of the connection held. */
export interface CopyBytes {
  /** The rows' bytes, in one run. */
  readonly rows: Buffer;
  /** From where on the bytes are no longer the COPY's; null while it goes on. */
  readonly rest: Buffer | null;
}

/** Strips a COPY's rows of the messages that they come in, one a row, and moves them together where they stand. */
export class CopyMessages {
  readonly #header = Buffer.alloc(HEADER_BYTES);
  #headerLength = 0;
  /** Bytes of the message under way that are still to come. */
  #left = 0;

  take(bytes: Buffer): CopyBytes {
    const { length } = bytes;
    let from = 0;
    let to = 0;
    for (let at = 0; at < length; ) {
      if (this.#left === 0) {
        const isFirst = this.#headerLength === 0;
        if (isFirst && bytes[at] !== COPY_DATA && !PASSED_OVER.includes(bytes[at]!))
          return { rows: bytes.subarray(from, to), rest: bytes.subarray(at) };
        if (isFirst && length - at >= HEADER_BYTES) {
          this.#header[0] = bytes[at]!;
          this.#left = bytes.readUInt32BE(at + 1) - 4;
          at += HEADER_BYTES;
        } else {
          this.#header[this.#headerLength++] = bytes[at++]!;
          if (this.#headerLength < HEADER_BYTES) continue;
          this.#left = this.#header.readUInt32BE(1) - 4;
          this.#headerLength = 0;
        }
        continue;
      }
      const count = Math.min(this.#left, length - at);
      if (this.#header[0] === COPY_DATA) {
        if (to === 0) from = to = at;
        else if (count < LOOP_LIMIT) for (let index = 0; index < count; index++) bytes[to + index] = bytes[at + index]!;
        else bytes.copyWithin(to, at, at + count);
        to += count;
      }
      at += count;
      this.#left -= count;
    }
    return { rows: bytes.subarray(from, to), rest: null };
  }
}
