import type { CopyInStream } from "./pg-driver.ts";
import type { CopyIn } from "./postgres-client.ts";

/**
 * Rows on their way into COPY FROM STDIN. Remembers the first failure and never touches the stream after it: pg-copy-streams lets go of its connection
 * on an error, and whoever writes then gets a TypeError of its own.
 */
export class PgCopyIn implements CopyIn {
  readonly #stream: CopyInStream;
  #failure: Error | null = null;
  #isDone = false;
  #reject: (error: Error) => void = () => {};

  constructor(stream: CopyInStream, rebuild: (error: unknown) => Error) {
    this.#stream = stream;
    stream.on("error", (error) => {
      this.#failure ??= rebuild(error);
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

  #wait<Result>(start: (resolve: (result: Result) => void) => void): Promise<Result> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) return reject(this.#failure);
      this.#reject = reject;
      start(resolve);
    });
  }
}
