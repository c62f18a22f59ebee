import type { CopyInStream } from "../pg-driver.ts";
import type { CopyIn } from "../postgres-client.ts";

export interface CopyInSession {
  rebuild(error: unknown): Error;
  /** Ends the session when the server is silent for too long, unless `settle` is called before. */
  watch(): { settle(): void };
}

/**
 * Rows on their way into COPY FROM STDIN. Remembers the first failure and never touches the stream after it: pg-copy-streams lets go of its connection
 * on an error, and whoever writes then gets a TypeError of its own.
 */
export class PgCopyIn implements CopyIn {
  readonly #stream: CopyInStream;
  readonly #session: CopyInSession;
  #failure: Error | null = null;
  #isDone = false;
  #reject: (error: Error) => void = () => {};

  constructor(stream: CopyInStream, session: CopyInSession) {
    this.#stream = stream;
    this.#session = session;
    stream.on("error", (error) => {
      this.#failure ??= session.rebuild(error);
      this.#reject(this.#failure);
    });
  }

  write(bytes: Uint8Array): Promise<void> {
    return this.#wait((resolve) => this.#stream.write(bytes, () => resolve()));
  }

  async end(): Promise<number> {
    await this.#wait<void>((resolve) => this.#stream.end(resolve));
    this.#isDone = true;
    return this.#stream.rowCount;
  }

  async abort(): Promise<void> {
    if (this.#isDone || this.#failure !== null) return;
    this.#isDone = true;
    // Sends CopyFail; "close" comes with the server's answer to it.
    await new Promise<void>((resolve) => this.#stream.once("close", resolve).destroy());
  }

  async #wait<Result>(start: (resolve: (result: Result) => void) => void): Promise<Result> {
    if (this.#failure !== null) throw this.#failure;
    const watch = this.#session.watch();
    try {
      return await new Promise((resolve, reject) => {
        this.#reject = reject;
        start(resolve);
      });
    } finally {
      watch.settle();
    }
  }
}
