import { StandinError } from "../../../errors.ts";
import { peerSilent, type Side } from "../../database-errors.ts";
import { watchSilence } from "../../silence-watch.ts";
import type { MysqlDriver, MysqlPacket } from "../mysql-driver.ts";

/** Takes a row's packet, `bytes[from, to)`. Returns true to have the server wait. */
export type TakeRow = (bytes: Buffer, from: number, to: number) => boolean;

export interface RowSession {
  readonly side: Side;
  readonly place: string;
  /** Longest wait for bytes that are due. Only our own waiting counts: a slow consumer does not make the peer silent. */
  readonly silenceSeconds: number;
  rebuild(error: unknown): Error;
  stop(reason: StandinError): void;
  /** Calls back when the connection is gone. Returns how to stop watching. */
  watch(onLoss: (reason: StandinError) => void): () => void;
}

/**
 * Reads a query row by row, below the driver's parsers: they change values, and its own stream hangs when the connection dies. Yields when `take` asked
 * for a pause; ends with the server's EOF packet (MySQL client/server protocol, "Text Resultset") and nothing else.
 */
export async function* readRowPackets(
  driver: MysqlDriver,
  sql: string,
  take: TakeRow,
  session: RowSession,
): AsyncGenerator<void> {
  let received = 0;
  let isFull = false;
  let isDone = false;
  let failure: Error | null = null;
  let wake = () => {};
  const fail = (error: Error) => {
    failure ??= error;
    wake();
  };
  const query = driver.query({ sql, rowsAsArray: true, typeCast: false });
  query.on("error", (error) => fail(session.rebuild(error)));
  const unwatch = session.watch(fail);
  query.row = function onRow(packet: MysqlPacket): unknown {
    if (packet.isEOF()) {
      isDone = true;
      wake();
      return query.done();
    }
    received++;
    if (take(packet.buffer, packet.offset, packet.end)) {
      driver.pause();
      isFull = true;
      wake();
    }
    return onRow;
  };
  const moreNews = () =>
    new Promise<void>((resolve) => {
      const onSilence = () => {
        const silence = peerSilent(session.side, session.place, session.silenceSeconds);
        session.stop(silence);
        fail(silence);
      };
      const watch = watchSilence(session.silenceSeconds, onSilence, () => received);
      wake = () => {
        watch.settle();
        resolve();
      };
    });
  try {
    for (;;) {
      if (failure !== null) throw failure;
      if (isFull) {
        isFull = false;
        yield;
        if (failure === null) driver.resume();
      } else if (isDone) return;
      else await moreNews();
    }
  } finally {
    unwatch();
    if (!isDone && failure === null) {
      session.stop(new StandinError("SOURCE_FAILED", "The connection was given up with a table half read."));
    }
  }
}
