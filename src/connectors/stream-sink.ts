import type { Writable } from "node:stream";
import type { Sink, SystemName } from "../contracts.ts";
import type { WriterOf } from "./given-sink.ts";
import { StreamBytes } from "./stream-bytes.ts";

/**
 * Writes one table to a stream. What was written cannot be taken back: of an all-or-nothing target this is the exception, and whoever reads the stream must
 * look at the exit code.
 */
export function streamSink(system: SystemName, output: Writable, writerOf: WriterOf): Sink {
  const bytes = new StreamBytes(output);
  return {
    system,
    async open(signal) {
      bytes.watch(signal);
    },
    identity: async () => `${system}:stream:out`,
    schema: async () => ({ system, tables: [] }),
    begin: async () => ({ notes: [] }),
    writer: async (toWrite) => writerOf(toWrite, bytes),
    async commit() {},
    async rollback() {},
    async close() {
      bytes.unwatch();
    },
  };
}
