import { StandinError } from "../../../errors.ts";
import { peerSilent, type Side } from "../../database-errors.ts";
import { watchSilence } from "../../silence-watch.ts";
import type { TakeBytes, Tap } from "../../socket-reads.ts";
import type { PgConnection, PgSubmittable } from "../pg-driver.ts";
import { CopyMessages } from "./pg-copy-messages.ts";

export interface CopyOutSession {
  readonly side: Side;
  readonly place: string;
  /** Longest wait for bytes that are due. Only our own waiting counts: a slow consumer does not make the peer silent. */
  readonly silenceSeconds: number;
  tap(connection: PgConnection, take: TakeBytes): Tap;
  rebuild(error: unknown): Error;
  stop(reason: StandinError): void;
  /** Calls back when the connection is gone. Returns how to stop watching. */
  watch(onLoss: () => void): () => void;
}

/**
 * Reads a COPY TO to its end, which is the server's ReadyForQuery: the row count comes before it, and the last rows before that. What it yields is valid until the
 * next is asked for. A reader that leaves early costs the connection, as the protocol has no way to skip the rest.
 */
export async function* readCopyOut(
  start: (query: PgSubmittable) => void,
  sql: string,
  session: CopyOutSession,
): AsyncGenerator<Uint8Array, number> {
  const query = new CopyOutQuery(sql, session);
  const unwatch = session.watch(() => query.fail(session.rebuild(null)));
  const moreNews = () =>
    new Promise<void>((resolve) => {
      const watch = watchSilence(session.silenceSeconds, () => {
        const silence = peerSilent(session.side, session.place, session.silenceSeconds);
        session.stop(silence);
        query.fail(silence);
      });
      query.wake = () => {
        watch.settle();
        resolve();
      };
    });
  try {
    start(query);
    for (;;) {
      if (query.failure !== null) throw query.failure;
      const rows = query.next();
      if (rows !== null) {
        yield rows;
        query.release(rows);
      } else if (query.isReady) return query.rowCount;
      else await moreNews();
    }
  } finally {
    unwatch();
    if (!query.isReady && query.failure === null) {
      session.stop(new StandinError("SOURCE_FAILED", "The connection was given up with a table half read."));
    }
  }
}

/** A COPY TO whose rows are read below the driver, which has the rest: what the server says of an error, of the count, and of the end. */
class CopyOutQuery implements PgSubmittable {
  rowCount = 0;
  isReady = false;
  failure: Error | null = null;
  wake = () => {};
  readonly #sql: string;
  readonly #session: CopyOutSession;
  readonly #messages = new CopyMessages();
  readonly #rows: Buffer[] = [];
  #tap: Tap | null = null;

  constructor(sql: string, session: CopyOutSession) {
    this.#sql = sql;
    this.#session = session;
  }

  submit(connection: PgConnection): void {
    this.#tap = this.#session.tap(connection, (bytes) => this.#take(bytes));
    connection.query(this.#sql);
  }

  next(): Buffer | null {
    return this.#rows.shift() ?? null;
  }

  release(rows: Buffer): void {
    this.#tap!.release(rows);
  }

  handleError(error: unknown): void {
    this.fail(this.#session.rebuild(error));
  }

  handleCommandComplete({ text }: { readonly text: string }): void {
    this.rowCount = Number(/COPY (\d+)/.exec(text)?.[1] ?? 0);
  }

  handleReadyForQuery(): void {
    this.isReady = true;
    this.wake();
  }

  fail(error: Error): void {
    this.failure ??= error;
    this.wake();
  }

  #take(bytes: Buffer): boolean {
    const { rows, rest } = this.#messages.take(bytes);
    const isKept = rows.length > 0;
    if (isKept) this.#rows.push(rows);
    if (rest !== null) this.#tap!.close(rest);
    this.wake();
    return isKept;
  }
}
