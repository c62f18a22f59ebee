import { StandinError } from "../errors.ts";

/** What is being read, until it is closed: what was closed has no more rows, and that is no table's end. */
export class ReadsUnderWay {
  readonly #closers = new Set<() => Promise<unknown>>();

  /** Passes on what `items` gives, and throws where it ends because it was closed. `file` names it in the error. */
  async *read<Item>(items: AsyncGenerator<Item>, signal: AbortSignal, file: string): AsyncGenerator<Item> {
    const close = () => items.return(undefined);
    this.#closers.add(close);
    try {
      for await (const item of items) {
        signal.throwIfAborted();
        this.#expectOpen(close, file);
        yield item;
      }
      this.#expectOpen(close, file);
    } finally {
      if (this.#closers.delete(close)) await close();
    }
  }

  async close(): Promise<void> {
    const closers = [...this.#closers];
    this.#closers.clear();
    await Promise.all(closers.map((close) => close()));
  }

  #expectOpen(close: () => Promise<unknown>, file: string): void {
    if (this.#closers.has(close)) return;
    throw new StandinError("SOURCE_FAILED", `${file} was closed while it was read.`, { file });
  }
}
