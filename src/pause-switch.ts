import { once } from "node:events";

/** Milliseconds: about a day. */
const LONG = 1e8;

/**
 * Pauses a run and lets it go on: `refresh(policy, { pauseSwitch })`. A paused run asks its source for nothing more; its sessions, its snapshot and its locks stay.
 *
 * @example
 * const pauseSwitch = new PauseSwitch();
 * const report = refresh(policy, { pauseSwitch });
 * pauseSwitch.pause(); // the replica lags
 * pauseSwitch.resume();
 */
export class PauseSwitch {
  readonly #resumed = new EventTarget();
  #isPaused = false;

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** What was read already is still masked and written. */
  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#resumed.dispatchEvent(new Event("resumed"));
  }

  /** Resolves when nothing is paused; rejects when the signal aborts. */
  async whenOpen(signal: AbortSignal): Promise<void> {
    // A process with nothing to do ends, also where a signal could still wake it.
    const staysAlive = setInterval(() => {}, LONG);
    try {
      // Who pauses again before the waiting one had its turn means it.
      while (this.#isPaused) await once(this.#resumed, "resumed", { signal });
    } finally {
      clearInterval(staysAlive);
    }
  }
}
