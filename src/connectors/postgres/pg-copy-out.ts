import { StandinError } from "../../errors.ts";
import { peerSilent, type Side } from "../database-errors.ts";
import { watchSilence } from "../silence-watch.ts";
import type { CopyOutStream } from "./pg-driver.ts";

export interface CopyOutSession {
  readonly side: Side;
  readonly place: string;
  /** Longest wait for bytes that are due. Only our own waiting counts: a slow consumer does not make the peer silent. */
  readonly silenceSeconds: number;
  rebuild(error: unknown): Error;
  stop(reason: StandinError): void;
  /** Calls back when the connection is gone. Returns how to stop watching. */
  watch(onLoss: () => void): () => void;
}

/**
 * Reads a COPY TO to its end, which is the server's ReadyForQuery: the stream's own `end` comes before the row count does. A reader that leaves early
 * costs the connection, as the protocol has no way to skip the rest.
 */
export async function* readCopyOut(start: () => CopyOutStream, session: CopyOutSession): AsyncGenerator<Uint8Array, number> {
  const stream = start();
  let isReady = false;
  let failure: Error | null = null;
  let wake = () => {};
  const fail = (error: Error) => {
    failure ??= error;
    wake();
  };
  stream.on("readable", () => wake());
  stream.on("error", (error) => fail(session.rebuild(error)));
  stream.handleReadyForQuery = () => {
    isReady = true;
    wake();
  };
  const unwatch = session.watch(() => fail(session.rebuild(null)));
  const moreNews = () =>
    new Promise<void>((resolve) => {
      const watch = watchSilence(session.silenceSeconds, () => {
        const silence = peerSilent(session.side, session.place, session.silenceSeconds);
        session.stop(silence);
        fail(silence);
      });
      wake = () => {
        watch.settle();
        resolve();
      };
    });
  try {
    for (;;) {
      if (failure !== null) throw failure;
      const chunk: Buffer | null = stream.read();
      if (chunk !== null) yield chunk;
      else if (isReady) return stream.rowCount;
      else await moreNews();
    }
  } finally {
    unwatch();
    if (!isReady && failure === null) {
      session.stop(new StandinError("SOURCE_FAILED", "The connection was given up with a table half read."));
    }
  }
}
