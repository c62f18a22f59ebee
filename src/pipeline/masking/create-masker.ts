import { Transform } from "node:stream";
import { ReadableStream, type ReadableStreamDefaultReader, TransformStream } from "node:stream/web";
import { ObjectBatch, type Row } from "../../batch/object-batch.ts";
import { StandinError } from "../../errors.ts";
import { needsKey } from "../../inner-rules.ts";
import { type KeyProvider, resolveMaskingKey } from "../../keys/masking-key.ts";
import type { TablePolicy } from "../../policy/define-policy.ts";
import { parsePolicy } from "../../policy/parse/parse-policy.ts";
import { untilAborted } from "../../until-aborted.ts";
import { prepareObjects } from "../prepare-objects.ts";
import { gatherWindows, type WindowBatch } from "./gather-windows.ts";
import { maskBatch } from "./mask-batch.ts";
import type { PreparedTable } from "./prepare-table.ts";

/** What `createMasker` goes by. */
export interface MaskerOptions {
  /** The secret. @default the environment variable STANDIN_KEY */
  readonly key?: KeyProvider | undefined;
  /** What errors call the rows. @default "rows" */
  readonly table?: string | undefined;
  /** Rows masked at a time. @default 1000 */
  readonly batchRows?: number | undefined;
  /** Stops what is being masked. */
  readonly signal?: AbortSignal | undefined;
}

/** Masks objects. Every property must have a rule; a row with one that has none is refused, not copied. */
export interface Masker<R extends object> {
  /** Masks rows as they come, in order. */
  rows(rows: Iterable<R> | AsyncIterable<R>): AsyncGenerator<R>;
  /** Masks one row. For many, `rows` is far faster. */
  row(row: R): Promise<R>;
  /** A Node object-mode stream: rows in, masked rows out. */
  stream(): Transform;
  /** The same as a Web stream. */
  webStream(): TransformStream<R, R>;
}

/**
 * Makes a masker from a rule per property: objects in, objects out, with the same mapping as a database or a CSV under the same key.
 *
 * @example
 * const masker = createMasker({ id: keep(), email: fake("internet.email") }, { key });
 * for await (const user of masker.rows(users)) console.log(user.email);
 */
export function createMasker<R extends object = Record<string, unknown>>(
  rules: TablePolicy,
  options: MaskerOptions = {},
): Masker<R> {
  const { table = "rows", batchRows = 1000, signal } = options;
  const policy = parsePolicy({ tables: { [table]: rules } });
  let prepared: Promise<PreparedTable> | undefined;

  const names = Object.keys(rules);
  const prepare = async (): Promise<PreparedTable> => {
    const isKeyed = Object.values(policy.tables[table] as TablePolicy).some(needsKey);
    const key = isKeyed || options.key !== undefined ? await resolveMaskingKey(options.key) : null;
    return prepareObjects(policy, table, names, key, signal);
  };

  async function* batches(rows: Iterable<R> | AsyncIterable<R>): AsyncGenerator<ObjectBatch> {
    let pending: Row[] = [];
    let first = 0;
    for await (const row of rows) {
      signal?.throwIfAborted();
      refuseUncovered(row, rules, table, first + pending.length + 1);
      pending.push(row as Row);
      if (pending.length < batchRows) continue;
      yield new ObjectBatch({ schema: null, name: table }, names, pending, first);
      first += pending.length;
      pending = [];
    }
    if (pending.length > 0) yield new ObjectBatch({ schema: null, name: table }, names, pending, first);
  }

  async function* mask(rows: Iterable<R> | AsyncIterable<R>): AsyncGenerator<R> {
    const source = batches(rows);
    const first = await source.next();
    if (first.done) return;
    prepared ??= prepare();
    const ready = await untilAborted(prepared, signal);
    const all = prepend(first.value, source);
    for await (const batch of ready.windowRows > 1 ? gatherWindows(all, ready.windowRows) : all) {
      await untilAborted(maskBatch(ready, batch), signal);
      for (const part of batch instanceof ObjectBatch ? [batch] : ((batch as WindowBatch).batches as ObjectBatch[])) {
        yield* part.maskedRows() as R[];
      }
    }
  }

  return {
    rows: mask,
    async row(row) {
      for await (const masked of mask([row])) return masked;
      throw new StandinError("TRANSFORM_FAILED", `${table}: a row gave no row.`, { table });
    },
    stream: () => Transform.from((rows: AsyncIterable<R>) => mask(rows)) as unknown as Transform,
    webStream: () => webStreamOf(mask),
  };
}

/** A row may lack a property that has a rule; it may not have one that has none. */
function refuseUncovered(row: object, rules: TablePolicy, table: string, ordinal: number): void {
  const uncovered = Object.keys(row).filter((name) => !Object.hasOwn(rules, name));
  if (uncovered.length === 0) return;
  throw new StandinError("COLUMN_UNCOVERED", `${table}: row ${ordinal} has ${uncovered.join(", ")}, without a rule.`, {
    table,
    column: uncovered[0],
    row: ordinal,
    hint: `Add a rule for each: ${uncovered.map((name) => `${JSON.stringify(name)}: keep()`).join(", ")}, or the transform that it needs.`,
  });
}

async function* prepend<T>(first: T, rest: AsyncIterable<T>): AsyncGenerator<T> {
  yield first;
  yield* rest;
}

/** Connects an async generator to a Web stream's two ends, with back-pressure both ways. */
function webStreamOf<R>(mask: (rows: AsyncIterable<R>) => AsyncGenerator<R>): TransformStream<R, R> {
  const through = new TransformStream<R, R>();
  const reader = through.readable.getReader();
  const masked = mask(readAll(reader));
  const readable = new ReadableStream<R>({
    async pull(controller) {
      const { done, value } = await masked.next();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    async cancel(reason) {
      // First the input: a generator that waits for its next row does not hear a `return`.
      await reader.cancel(reason);
      await masked.return(undefined);
    },
  });
  return { readable, writable: through.writable } as TransformStream<R, R>;
}

async function* readAll<R>(reader: ReadableStreamDefaultReader<R>): AsyncGenerator<R> {
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } finally {
    // After an error in a mask this tells the writer; at the end it does nothing.
    await reader.cancel();
  }
}
