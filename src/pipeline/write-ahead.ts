/** One write under way while what is to be written next is made. */
export class WriteAhead<Item> {
  readonly #write: (item: Item) => Promise<void>;
  #pending: Promise<void> = Promise.resolve();

  constructor(write: (item: Item) => Promise<void>) {
    this.#write = write;
  }

  async push(item: Item): Promise<void> {
    await this.#pending;
    this.#pending = this.#write(item);
    // The failure is thrown by the next push; until then it must not count as unhandled.
    this.#pending.catch(() => {});
  }

  settled(): Promise<void> {
    return this.#pending;
  }
}
