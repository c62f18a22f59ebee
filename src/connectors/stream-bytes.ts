import type { Writable } from "node:stream";
import { StandinError } from "../errors.ts";
import type { ByteSink } from "./file-bytes.ts";

/** Hands bytes to a stream and waits until they have left us: a slow reader holds the writer back, an error or an abort ends the wait. */
export class StreamBytes implements ByteSink {
  readonly #output: Writable;
  #signal: AbortSignal | null = null;
  #failure: StandinError | null = null;
  #fail: (failure: StandinError) => void = () => {};
  /** Without a listener, an error of the stream would end the process. */
  readonly #onError = () => this.#stop(new StandinError("SINK_FAILED", "The output was closed before all rows were written."));
  readonly #onAbort = () =>
    this.#stop(new StandinError("ABORTED", "The run was stopped; what was written before cannot be taken back."));

  constructor(output: Writable) {
    this.#output = output;
  }

  watch(signal: AbortSignal): void {
    this.#signal = signal;
    this.#output.on("error", this.#onError);
    signal.addEventListener("abort", this.#onAbort);
    if (signal.aborted) this.#onAbort();
  }

  unwatch(): void {
    this.#output.off("error", this.#onError);
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }

  write(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) return reject(this.#failure);
      this.#fail = reject;
      // A copy: a stream that hands it on may be read when the memory is used again.
      this.#output.write(Buffer.from(bytes), (error) => (error ? this.#onError() : resolve()));
    });
  }

  /** Throws where the stream has failed. */
  check(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  async end(): Promise<void> {}

  async abort(): Promise<void> {}

  #stop(failure: StandinError): void {
    this.#failure ??= failure;
    this.#fail(this.#failure);
  }
}
