import type { Writable } from "node:stream";
import { StandinError } from "../../errors.ts";

/** Longest wait for a reader that is to be told of the failure: one that is stuck has not got the end either. */
const LAST_WORD_MS = 2000;

/** A masked dump's way to a stream: a slow reader holds the writer back, an error or an abort ends the wait. */
export class DumpStreamOutput {
  readonly #output: Writable;
  readonly #signal: AbortSignal;
  #failure: StandinError | null = null;
  readonly #onError = ({ code = "EPIPE" }: NodeJS.ErrnoException) => {
    const how = code === "EPIPE" ? "was closed before all of the dump was written" : `cannot be written to (${code})`;
    this.#failure ??= new StandinError("SINK_FAILED", `The output ${how}.`);
  };

  constructor(output: Writable, signal: AbortSignal) {
    this.#output = output;
    this.#signal = signal;
    // Without a listener, an error of the stream would end the process.
    output.on("error", this.#onError);
  }

  write(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) return reject(this.#failure);
      this.#signal.throwIfAborted();
      const stop = () => reject(this.#signal.reason);
      this.#signal.addEventListener("abort", stop, { once: true });
      this.#output.write(bytes, (error) => {
        this.#signal.removeEventListener("abort", stop);
        if (error) this.#onError(error);
        if (this.#failure === null) resolve();
        else reject(this.#failure);
      });
    });
  }

  /** The same for what is to be said once all is over, an abort too. */
  writeLast(bytes: Buffer): Promise<void> {
    return new Promise((resolve) => {
      if (this.#failure !== null) return resolve();
      const giveUp = setTimeout(resolve, LAST_WORD_MS);
      this.#output.write(bytes, () => {
        clearTimeout(giveUp);
        resolve();
      });
    });
  }

  close(): void {
    this.#output.off("error", this.#onError);
  }
}
