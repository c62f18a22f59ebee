/** Ends a session when a caller's signal aborts, until it is told to hold on. */
export class AbortWatch {
  readonly #stop: () => void;
  readonly #signals = new Map<AbortSignal, () => void>();

  constructor(stop: () => void) {
    this.#stop = stop;
  }

  /** Stops at once where the signal has aborted. Watching one twice is watching it once. */
  on(signal: AbortSignal): void {
    if (signal.aborted) this.#stop();
    else if (!this.#signals.has(signal)) {
      signal.addEventListener("abort", this.#stop, { once: true });
      this.#signals.set(signal, () => signal.removeEventListener("abort", this.#stop));
    }
  }

  /** From here on an abort comes too late. */
  holdOn(): void {
    for (const unwatch of this.#signals.values()) unwatch();
    this.#signals.clear();
  }
}
