import type { Writable } from "node:stream";
import { StandinError } from "../errors.ts";
import { errorCode } from "./error-code.ts";
import type { ByteSink } from "./file-bytes.ts";

/** Hands bytes to a stream and waits until they have left us: a slow reader holds the writer back, an error or an abort ends the wait. */
export class StreamBytes implements ByteSink {
  readonly #output: Writable;
  #signal: AbortSignal | null = null;
  #failure: StandinError | null = null;
  #fail: (failure: StandinError) => void = () => {};
  /** Without a listener, an error of the stream would end the process. */
  readonly #onError = (error: Error) => this.#stop(failureOf(error));
  /** A stream that is destroyed without an error calls nobody back. */
  readonly #onClose = () => {
    if (!this.#output.writableFinished) this.#stop(closed());
  };
  readonly #onAbort = () =>
    this.#stop(new StandinError("ABORTED", "The run was stopped; what was written before cannot be taken back."));

  constructor(output: Writable) {
    this.#output = output;
  }

  watch(signal: AbortSignal): void {
    this.#signal = signal;
    this.#output.on("error", this.#onError);
    this.#output.on("close", this.#onClose);
    signal.addEventListener("abort", this.#onAbort);
    if (signal.aborted) this.#onAbort();
  }

  unwatch(): void {
    // What has failed may say so once more, later.
    if (this.#failure === null) this.#output.off("error", this.#onError);
    this.#output.off("close", this.#onClose);
    this.#signal?.removeEventListener("abort", this.#onAbort);
  }

  write(bytes: Buffer): Promise<void> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== null) return reject(this.#failure);
      this.#fail = reject;
      // A copy: a stream that hands it on may be read when the memory is used again.
      this.#output.write(Buffer.from(bytes), (error) => (error ? this.#onError(error) : resolve()));
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

/** By the error's code alone: whatever else it says may quote a row. */
function failureOf(error: Error): StandinError {
  const code = errorCode(error);
  return CLOSES.includes(code) ? closed() : new StandinError("SINK_FAILED", `The output cannot be written to (${code}).`);
}

const CLOSES = ["EPIPE", "ERR_STREAM_DESTROYED", "ERR_STREAM_WRITE_AFTER_END"];
const closed = () => new StandinError("SINK_FAILED", "The output was closed before all rows were written.");
