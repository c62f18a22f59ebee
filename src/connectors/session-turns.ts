/** One thing at a time on a session: a query that came while rows are read would wait in the driver, and its waiting would count as the server's silence. */
export class SessionTurns {
  #last: Promise<void> = Promise.resolve();

  /** Resolves when all who came before have ended their turns, with what ends this one. */
  async take(): Promise<() => void> {
    const before = this.#last;
    let end = () => {};
    this.#last = new Promise((resolve) => {
      end = resolve;
    });
    await before;
    return end;
  }
}
