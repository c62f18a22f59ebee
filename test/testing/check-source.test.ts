import { describe, expect, it } from "vitest";
import { memorySource } from "../../src/connectors/memory/index.ts";
import type { ReadOptions, RowBatch, Source, Table } from "../../src/contracts.ts";
import { checkSource } from "../../src/testing/index.ts";

const rows = Array.from({ length: 40 }, (_, id) => ({ id, name: `canary-${id}`, note: id % 3 ? null : "x" }));

type Part = Partial<Source> | ((source: Source) => Partial<Source>);

/** A source in memory, of which some part is another. */
function sourceWith(part: Part): () => Source {
  return () => {
    const whole = memorySource({ people: rows });
    const source: Source = {
      system: whole.system,
      open: (signal) => whole.open(signal),
      identity: () => whole.identity(),
      schema: () => whole.schema(),
      read: (table, options) => whole.read(table, options),
      close: () => whole.close(),
    };
    return Object.assign(source, typeof part === "function" ? part(whole) : part);
  };
}

type Read = (batches: AsyncIterable<RowBatch>, options: ReadOptions) => AsyncIterable<RowBatch>;

const reading =
  (change: Read): Part =>
  (whole) => ({ read: (table: Table, options: ReadOptions) => change(whole.read(table, options), options) });

/** A batch of which some part is another. */
const batchWith = (batch: RowBatch, part: Partial<RowBatch>): RowBatch =>
  Object.assign(
    {
      table: batch.table,
      rowCount: batch.rowCount,
      firstRow: batch.firstRow,
      column: (index: number) => batch.column(index),
      replace: (index: number, values: readonly (string | null)[]) => batch.replace(index, values),
      replacement: (index: number) => batch.replacement(index),
      slice: (from: number, to: number) => batch.slice(from, to),
    },
    part,
  );

async function expectBroken(part: Part, sentence: RegExp): Promise<void> {
  const broken = await checkSource(sourceWith(part), { patience: 300 });
  expect(broken.join("\n")).toMatch(sentence);
  expect(broken.join("\n")).not.toContain("canary");
}

describe("checkSource", () => {
  it("finds nothing wrong with a source that keeps the contract", async () => {
    expect(await checkSource(sourceWith({}))).toEqual([]);
  });

  it("asks for enough rows to tell", async () => {
    expect(await checkSource(() => memorySource({ people: rows.slice(0, 3) }))).toEqual([
      "memory: the exam needs a table of at least 16 rows.",
    ]);
    expect(await checkSource(() => memorySource({}))).toHaveLength(1);
  });

  it("finds a sample of other columns, of too many rows, and of what the table does not hold", async () => {
    const part =
      (change: (values: readonly (readonly (string | null)[])[]) => readonly (readonly (string | null)[])[]): Part =>
      (whole) => ({ sample: async (table, options) => change(await whole.sample!(table, options)) });
    expect(await checkSource(sourceWith(part((values) => values)))).toEqual([]);
    await expectBroken(
      part((values) => values.slice(1)),
      /other columns/,
    );
    await expectBroken(
      part((values) => values.map((column) => [...column, ...column])),
      /more rows/,
    );
    await expectBroken(
      part((values) => values.map((column) => column.map(() => "canary elsewhere"))),
      /does not hold/,
    );
  });

  it("finds an identity or a schema that changes or says nothing", async () => {
    let asked = 0;
    await expectBroken({ identity: async () => `place ${asked++}` }, /identity changes when it is asked for again/);
    await expectBroken({ identity: async () => "" }, /identity says nothing/);
    await expectBroken(() => {
      const own = `place ${asked++}`;
      return { identity: async () => own };
    }, /identity changes when the source is made anew/);
    await expectBroken((whole) => ({ schema: async () => ({ ...(await whole.schema()), system: "csv" }) }), /another system/);
    await expectBroken(
      (whole) => ({
        schema: async () => {
          const { tables, system } = await whole.schema();
          return { system, tables: tables.map((table) => ({ ...table, rowEstimate: asked++ })) };
        },
      }),
      /schema changes when it is asked for again/,
    );
    await expectBroken(
      (whole) => ({
        schema: async () => {
          const { tables, system } = await whole.schema();
          return {
            system,
            tables: tables.map((table) => ({
              ...table,
              columns: table.columns.map((column) => ({ ...column, nullable: false })),
            })),
          };
        },
      }),
      /not nullable \(note\) has a NULL/,
    );
  });

  it("finds rows that are lost, repeated or depend on the batch size", async () => {
    await expectBroken(
      reading(async function* (batches) {
        let isFirst = true;
        for await (const batch of batches) {
          if (!isFirst || batch.rowCount !== 7) yield batch;
          isFirst = false;
        }
      }),
      /at most 7 rows give other rows/,
    );
    await expectBroken(
      (whole) => ({ read: (table, options) => whole.read(table, { ...options, batchSize: {} }) }),
      /more rows than maxRows/,
    );
    await expectBroken(
      reading(async function* (batches) {
        for await (const batch of batches) yield batchWith(batch, { firstRow: 0 });
      }),
      /firstRow does not count on/,
    );
  });

  it("finds columns in the order of the table instead of the one asked for", async () => {
    await expectBroken(
      (whole) => ({
        read: (table, options) =>
          whole.read(table, {
            ...options,
            columns: table.columns.filter((column) => options.columns.some(({ name }) => name === column.name)),
          }),
      }),
      /asked for in another order/,
    );
  });

  it("finds a batch whose memory is used again while it is held", async () => {
    await expectBroken(
      reading(async function* (batches) {
        let current: RowBatch;
        for await (const batch of batches) {
          current = batch;
          yield batchWith(batch, { column: (index) => current.column(index).slice(0, batch.rowCount) });
        }
      }),
      /held while more are read give other rows/,
    );
  });

  it("finds a batch that mixes up originals and replacements, or slices wrongly", async () => {
    await expectBroken(
      reading(async function* (batches) {
        for await (const batch of batches)
          yield batchWith(batch, { column: (index) => batch.replacement(index) ?? batch.column(index) });
      }),
      /replace changes what column gives/,
    );
    await expectBroken(
      reading(async function* (batches) {
        for await (const batch of batches) yield batchWith(batch, { replace: () => {} });
      }),
      /does not give back what was set by replace/,
    );
    await expectBroken(
      reading(async function* (batches) {
        for await (const batch of batches) yield batchWith(batch, { slice: (from, to) => batch.slice(0, to - from) });
      }),
      /a slice has other rows/,
    );
  });

  it("finds a loop that hangs when it is left early, fails, or spoils the next one", async () => {
    const leaving = (onLeave: () => Promise<void> | void) =>
      reading(async function* (batches) {
        let isLeft = true;
        try {
          for await (const batch of batches) yield batch;
          isLeft = false;
        } finally {
          if (isLeft) await onLeave();
        }
      });
    await expectBroken(
      leaving(() => new Promise(() => {})),
      /leaving a loop early hangs/,
    );
    await expectBroken(
      leaving(() => {
        throw new TypeError("canary");
      }),
      /leaving a loop early throws TypeError/,
    );
    await expectBroken((whole) => {
      let isSpoilt = false;
      return {
        read: async function* (table, options) {
          const isShort = isSpoilt;
          isSpoilt = true;
          for await (const batch of whole.read(table, options))
            if (!isShort || batch.rowCount > 1) yield isShort ? batch.slice(1, batch.rowCount) : batch;
          isSpoilt = false;
        },
      };
    }, /reading after a loop was left early gives other rows/);
  });

  it("finds a reading that an abort or a close turns into a short table, or into a hang", async () => {
    await expectBroken(
      reading(async function* (batches, { signal }) {
        for await (const batch of batches) {
          yield batch;
          if (signal.aborted) return;
        }
      }),
      /ends early after an abort/,
    );
    await expectBroken(
      reading(async function* (batches, { signal }) {
        for await (const batch of batches) {
          yield batch;
          if (signal.aborted) await new Promise(() => {});
        }
      }),
      /reading after an abort hangs/,
    );
    await expectBroken(
      (whole) => ({ read: (table, options) => whole.read(table, { ...options, signal: new AbortController().signal }) }),
      /reads with a signal that was aborted before/,
    );
    await expectBroken((whole) => {
      let isClosed = false;
      return {
        close: async () => {
          isClosed = true;
        },
        read: async function* (table, options) {
          for await (const batch of whole.read(table, options)) {
            if (isClosed) return;
            yield batch;
          }
        },
      };
    }, /ends early after a close/);
  });

  it("finds a close that cannot come early or twice", async () => {
    const once = () => {
      let isOpen = false;
      return {
        open: async () => {
          isOpen = true;
        },
        close: async () => {
          if (!isOpen) throw new Error("not open");
          isOpen = false;
        },
      };
    };
    await expectBroken(once, /close before open throws Error/);
    await expectBroken(once, /closing twice throws Error/);
    await expectBroken({ close: () => new Promise(() => {}) }, /close hangs/);
  });
});
