import { Readable } from "node:stream";
import type { MysqlResult } from "../mysql-driver.ts";

/** Bytes that may wait for the socket. */
const WRITE_AHEAD = 1024 * 1024;
/** Packets of the protocol end below 16 MiB; a smaller piece also keeps the copy that the driver makes of it small. */
const PIECE_BYTES = 256 * 1024;

/** Rows on their way into LOAD DATA LOCAL INFILE: the "file" that the server asks the client for. Remembers the first failure. */
export class MysqlLoad {
  readonly #file: Readable;
  readonly #result: Promise<MysqlResult>;
  #failure: unknown = null;
  #onRead: () => void = () => {};
  #onFailure: (error: unknown) => void = () => {};
  readonly #watch: () => { settle(): void };

  /** `watch` ends the session when the server is silent for too long, unless `settle` is called before. */
  constructor(send: (file: Readable) => Promise<MysqlResult>, watch: () => { settle(): void }) {
    this.#watch = watch;
    this.#file = new Readable({ highWaterMark: WRITE_AHEAD, read: () => this.#onRead() });
    this.#result = send(this.#file);
    this.#result.catch((error) => {
      this.#failure ??= error;
      this.#onFailure(error);
    });
  }

  /** Resolves when the server wants more. One call at a time. */
  async write(bytes: Buffer): Promise<void> {
    for (let from = 0; from < bytes.length; from += PIECE_BYTES) await this.#push(bytes.subarray(from, from + PIECE_BYTES));
  }

  /** Ends the file. Resolves with what the server says it took. */
  end(): Promise<MysqlResult> {
    this.#file.push(null);
    return this.#watched(this.#result);
  }

  #push(piece: Buffer): Promise<void> {
    return this.#watched(
      new Promise((resolve, reject) => {
        if (this.#failure !== null) return reject(this.#failure);
        this.#onRead = resolve;
        this.#onFailure = reject;
        this.#file.push(piece);
      }),
    );
  }

  async #watched<Result>(wait: Promise<Result>): Promise<Result> {
    const watch = this.#watch();
    try {
      return await wait;
    } finally {
      watch.settle();
    }
  }
}
