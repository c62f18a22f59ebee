/** Gives a buffer back when all that was cut from it is done with. */
export class BufferHold {
  #holders = 1;
  readonly #onFree: () => void;

  constructor(onFree: () => void) {
    this.#onFree = onFree;
  }

  take(): () => void {
    this.#holders++;
    return () => this.release();
  }

  release(): void {
    if (--this.#holders === 0) this.#onFree();
  }
}
