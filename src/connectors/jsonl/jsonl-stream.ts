import type { Readable, Writable } from "node:stream";
import type { BatchSize, DataSchema, ReadOptions, RowBatch, Sink, Source, Table } from "../../contracts.ts";
import { readJsonl } from "../../formats/json/jsonl-scanner.ts";
import { forTwoReaders } from "../peek-bytes.ts";
import { streamInput } from "../stream-input.ts";
import { streamSink } from "../stream-sink.ts";
import { lookAtKeys } from "./jsonl-look.ts";
import type { JsonlReadOptions } from "./jsonl-options.ts";
import { jsonlWriterOf } from "./jsonl-sink.ts";
import { type JsonlTable, jsonlTable } from "./jsonl-table.ts";

/** So many bytes are awaited before the first row goes on. */
const LOOK_BYTES = 256 * 1024;

/** How a stream of JSON Lines is read. */
export interface JsonlStreamOptions extends JsonlReadOptions {
  /** What the rows are called in the policy. @default "stdin" */
  readonly table?: string | undefined;
  /** Bytes from the stream's start that are looked at for its columns. @default 256 KiB */
  readonly lookAt?: number | undefined;
}

/** Reads one table of JSON Lines from a stream. The stream can be read once. */
export function jsonlStreamSource(
  input: Readable,
  options: JsonlStreamOptions & { readonly batchSize?: BatchSize } = {},
): Source {
  const { table: name = "stdin", lookAt = LOOK_BYTES } = options;
  let table: JsonlTable | undefined;
  let bytes: AsyncIterable<Uint8Array> = input;
  let unwatch = () => {};
  const stop = () => input.destroy(new Error("aborted"));
  return {
    system: "jsonl",
    async open(signal) {
      // A stream that gives nothing would be waited for until it does.
      signal.addEventListener("abort", stop);
      unwatch = () => signal.removeEventListener("abort", stop);
      if (signal.aborted) stop();
      const [start, all] = forTwoReaders(streamInput(input, signal));
      bytes = all;
      const { maxRowBytes } = options;
      const known = { table: name, file: name, path: null, isGzip: false, size: null };
      table = jsonlTable(known, await lookAtKeys(start, { lookAt, file: name, maxRowBytes }), options);
    },
    identity: async () => "jsonl:stream:in",
    schema: async (): Promise<DataSchema> => ({ system: "jsonl", tables: table === undefined ? [] : [table] }),
    async *read(_table: Table, { columns, batchSize, signal }: ReadOptions): AsyncGenerator<RowBatch> {
      const { ref, columns: known } = table!;
      const { maxRowBytes } = options;
      const how = { table: ref, columns: known, asked: columns, batchSize, file: name, maxRowBytes };
      for await (const batch of readJsonl(bytes, how)) {
        signal.throwIfAborted();
        yield batch;
      }
    },
    async close() {
      unwatch();
      input.destroy();
    },
  };
}

/**
 * Writes one table as JSON Lines to a stream. What was written cannot be taken back: of an all-or-nothing target this is the exception, and whoever reads the
 * stream must look at the exit code.
 */
export function jsonlStreamSink(output: Writable): Sink {
  return streamSink("jsonl", output, jsonlWriterOf);
}
