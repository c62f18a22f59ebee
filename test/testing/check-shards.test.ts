import { describe, expect, it } from "vitest";
import { objectTable } from "../../src/batch/object-table.ts";
import type { ReadOptions, RowBatch, Shard, ShardReader, Source } from "../../src/contracts.ts";
import { checkSource, type SourceExam } from "../../src/testing/index.ts";
import { TextBatch } from "../../src/testing/text-batch.ts";

const rows = Array.from({ length: 40 }, (_, id) => [String(id), `canary-${id}`, id % 3 ? null : "x"] as const);
const table = objectTable("people", ["id", "name", "note"], []);

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Reads as the contract says. */
async function* read({ columns, batchSize, shard, firstRow = 0 }: ReadOptions): AsyncGenerator<RowBatch> {
  const { from, to } = (shard?.range ?? { from: 0, to: rows.length }) as Range;
  const { maxRows = 10 } = batchSize;
  const places = columns.map(({ name }) => table.columns.findIndex((column) => column.name === name));
  for (let at = from; at < to; at += maxRows) {
    const part = rows.slice(at, Math.min(at + maxRows, to));
    yield new TextBatch(
      table.ref,
      places.map((place) => part.map((row) => row[place]!)),
      firstRow + at - from,
    );
  }
}

/** A source that keeps the contract, shards and all. */
function honestSource(): Source {
  let isClosed = false;
  const check = (signal: AbortSignal) => {
    signal.throwIfAborted();
    if (isClosed) throw new Error("closed");
  };
  return {
    system: "memory",
    open: async () => {},
    identity: async () => "memory:people",
    schema: async () => ({ system: "memory", tables: [table] }),
    async *read(_table, options) {
      check(options.signal);
      for await (const batch of read(options)) {
        check(options.signal);
        yield batch;
      }
    },
    async *shards(_table, { bytes }) {
      const size = Math.max(1, Math.floor(bytes / 16));
      for (let from = 0; from < rows.length; from += size) {
        yield { id: String(from), range: { from, to: Math.min(from + size, rows.length) } };
      }
    },
    share: async () => ({ system: "memory", reader: "people" }),
    close: async () => {
      isClosed = true;
    },
  };
}

const honestReader = (): ShardReader => ({
  open: async () => {},
  read: (_table, options) => read(options),
  close: async () => {},
});

type Part = (honest: Source) => Partial<Source>;

async function examine(part: Part, reader: SourceExam["reader"] = honestReader): Promise<string> {
  const create = () => {
    const honest = honestSource();
    return { ...honest, ...part(honest) };
  };
  const broken = await checkSource(create, { patience: 300, reader });
  expect(broken.join("\n")).not.toContain("canary");
  return broken.join("\n");
}

/** Honest shards, each of which some part is another. */
const cutting =
  (change: (shard: Shard) => Shard): Part =>
  (honest) => ({
    async *shards(...asked) {
      for await (const shard of honest.shards!(...asked)) yield change(shard);
    },
  });

const reading =
  (change: (options: ReadOptions) => ReadOptions): Part =>
  (honest) => ({ read: (of, options) => honest.read(of, change(options)) });

const withRange = (options: ReadOptions, change: (range: Range) => Range): ReadOptions =>
  options.shard === undefined
    ? options
    : { ...options, shard: { ...options.shard, range: change(options.shard.range as Range) } };

describe("checkSource of a source that is cut into shards", () => {
  it("finds nothing wrong with one that keeps the contract, whether it is cut or not", async () => {
    expect(await examine(() => ({}))).toBe("");
    expect(
      await examine(() => ({
        shards: async function* () {
          yield { id: "all", range: null };
        },
      })),
    ).toBe("");
  });

  it("finds rows between two shards that none has, or both have", async () => {
    const short = reading((options) => withRange(options, ({ from, to }) => ({ from, to: Math.max(from + 1, to - 1) })));
    expect(await examine(short)).toMatch(/shards of about 64 bytes give other rows than the whole table/);
    const long = reading((options) => withRange(options, ({ from, to }) => ({ from, to: Math.min(to + 1, rows.length) })));
    expect(await examine(long)).toMatch(/shards of about 1 bytes give other rows than the whole table/);
    expect(await examine(reading((options) => ({ ...options, shard: undefined })))).toMatch(
      /shards of about 1 bytes give other rows/,
    );
  });

  it("finds shards in another order than the rows'", async () => {
    const turned: Part = (honest) => ({
      async *shards(...asked) {
        const shards: Shard[] = [];
        for await (const shard of honest.shards!(...asked)) shards.push(shard);
        yield* shards.reverse();
      },
    });
    expect(await examine(turned)).toMatch(/shards of about 1 bytes give other rows/);
  });

  it("finds ids that two shards have, or that change", async () => {
    expect(await examine(cutting((shard) => ({ ...shard, id: "one" })))).toMatch(/two shards have one id/);
    let asked = 0;
    expect(await examine(cutting((shard) => ({ ...shard, id: `${asked++}` })))).toMatch(
      /shards change when they are asked for again/,
    );
  });

  it("finds a shard that no thread can be sent", async () => {
    const odd = cutting(({ id, range }) => ({ id, range: Object.assign(() => {}, range) }));
    expect(await examine(odd)).toMatch(/a shard is no plain data that a thread can be sent/);
  });

  it("finds rows that count from the shard's own first one", async () => {
    expect(await examine(reading((options) => ({ ...options, firstRow: 0 })))).toMatch(
      /firstRow of a shard's batch does not count on/,
    );
  });

  it("finds a shard that gives other rows when it is read again", async () => {
    const seen = new Set<string>();
    const once = reading((options) => {
      const { shard } = options;
      if (shard === undefined) return options;
      const name = `${shard.id} ${JSON.stringify(shard.range)} ${options.firstRow}`;
      const isFirst = !seen.has(name);
      seen.add(name);
      return isFirst ? options : withRange(options, ({ to }) => ({ from: to, to }));
    });
    expect(await examine(once)).toMatch(/a shard gives other rows when it is read again/);
  });

  it("finds what hangs", async () => {
    const hanging: Part = () => ({
      async *shards() {
        await new Promise(() => {});
      },
    });
    expect(await examine(hanging)).toMatch(/cutting people hangs/);
  });
});

describe("checkSource of a source that others can read", () => {
  it("takes one that says why they cannot, and finds one that does not say why", async () => {
    expect(await examine(() => ({ share: async () => ({ unshared: "the session is the caller's" }) }))).toBe("");
    expect(await examine(() => ({ share: async () => ({ unshared: "" }) }))).toMatch(
      /share does not say why readers cannot share/,
    );
  });

  it("finds what no thread can be sent, and another system", async () => {
    expect(await examine(() => ({ share: async () => ({ system: "memory", reader: () => {} }) }))).toMatch(
      /sharing throws DataCloneError/,
    );
    expect(await examine(() => ({ share: async () => ({ system: "csv", reader: null }) }))).toMatch(/share is of another system/);
  });

  it("finds readers that see other rows than the source, or count them otherwise", async () => {
    const blind = (): ShardReader => ({ ...honestReader(), async *read() {} });
    expect(await examine(() => ({}), blind)).toMatch(/readers give other rows of the shards than the source/);
    const own = (): ShardReader => ({ ...honestReader(), read: (_table, options) => read({ ...options, firstRow: 0 }) });
    expect(await examine(() => ({}), own)).toMatch(/firstRow of a shard's batch does not count on/);
  });

  it("finds a reader that cannot be closed twice, and what hangs", async () => {
    const once = (): ShardReader => {
      let isOpen = false;
      return {
        ...honestReader(),
        open: async () => {
          isOpen = true;
        },
        close: async () => {
          if (!isOpen) throw new Error("not open");
          isOpen = false;
        },
      };
    };
    expect(await examine(() => ({}), once)).toMatch(/sharing throws Error/);
    const hanging = (): ShardReader => ({ ...honestReader(), open: () => new Promise(() => {}) });
    expect(await examine(() => ({}), hanging)).toMatch(/opening a reader hangs/);
  });
});
