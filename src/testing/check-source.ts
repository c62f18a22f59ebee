import { isDeepStrictEqual } from "node:util";
import type { DataSchema, RowBatch, Source, Table } from "../contracts.ts";
import { tableName } from "../table-ref.ts";
import { BrokenPromises } from "./broken-promises.ts";
import { examineBatches, isSameCells, type Reading, readable, readCells } from "./source-reading.ts";
import { examineSample } from "./source-sample.ts";
import { examineReaders, examineShards, type MakeReader } from "./source-shards.ts";

/** What `checkSource` is to look at. */
export interface SourceExam {
  /** Names of the tables to read. @default all of them */
  readonly tables?: readonly string[] | undefined;
  /** Milliseconds after which an answer counts as hanging. @default 10_000 */
  readonly patience?: number | undefined;
  /** Makes a reader of what the source shares with other threads. Where it is given, readers are examined. */
  readonly reader?: MakeReader | undefined;
}

const BATCH_SIZES = [1, 7, 10_000] as const;
const FEWEST_ROWS = 16;

/**
 * Examines a source by the contract: the schema and the identity stay, every batch size gives the same rows, columns come in the order asked for, a
 * loop may be left early, an abort ends it, `close` may come twice and in the middle, shards and readers give what the whole table gives. Returns the broken
 * promises as sentences, none where all are kept, and never a cell.
 *
 * `create` makes the source anew each time, over the same rows: a few dozen in one table at least, and none that change meanwhile.
 *
 * @example
 * expect(await checkSource(() => csvSource({ paths: "exports" }))).toEqual([]);
 */
export async function checkSource(create: () => Source | Promise<Source>, exam: SourceExam = {}): Promise<readonly string[]> {
  const { patience = 10_000 } = exam;
  const unopened = await create();
  const broken = new BrokenPromises(unopened.system, patience);
  await broken.during("close before open", () => broken.inTime("close before open", unopened.close()));

  /** Hands in an open source of its own, closed afterwards whatever happens. */
  const withSource = (what: string, use: (source: Source, table: Table) => Promise<void>, of?: Table) =>
    broken.during(what, async () => {
      const source = await create();
      try {
        await broken.inTime("open", source.open(new AbortController().signal));
        await use(source, of ?? (await broken.inTime("schema", source.schema())).tables[0]!);
      } finally {
        await broken.inTime("close", source.close());
      }
    });

  let schema: DataSchema | null = null;
  await withSource("describing itself", async (source) => {
    schema = await examineDescription(source, create, broken);
  });
  const described = schema as DataSchema | null;
  if (described === null) return broken.sentences;
  const asked = described.tables.filter(({ ref }) => exam.tables?.includes(tableName(ref)) ?? true);

  let largest: { readonly table: Table; readonly rows: number } | null = null;
  for (const table of asked) {
    await withSource(`reading ${tableName(table.ref)}`, async (source) => {
      const rows = await examineRows(source, table, broken);
      if (largest === null || rows > largest.rows) largest = { table, rows };
    });
    await withSource(`cutting ${tableName(table.ref)}`, (source) => examineShards(source, table, broken));
  }
  const long = largest as { readonly table: Table; readonly rows: number } | null;
  if (long === null || long.rows < FEWEST_ROWS) {
    broken.say(`the exam needs a table of at least ${FEWEST_ROWS} rows`);
    return broken.sentences;
  }

  const { table, rows } = long;
  await withSource("sampling", (source) => examineSample(source, table, broken), table);
  const { reader } = exam;
  if (reader !== undefined) await withSource("sharing", (source) => examineReaders(source, table, reader, broken));
  await withSource("leaving a loop early", (source) => examineLeaving(source, table, broken), table);
  await withSource("aborting", (source) => examineAbort(source, table, rows, broken), table);
  await withSource("reading after an abort", (source) => examineAborted(source, table, broken), table);
  await withSource("closing in the middle", (source) => examineClosing(source, table, rows, broken), table);
  await withSource("closing twice", (source) => broken.inTime("close", source.close()), table);
  return broken.sentences;
}

async function examineDescription(
  source: Source,
  create: () => Source | Promise<Source>,
  broken: BrokenPromises,
): Promise<DataSchema> {
  const identity = await broken.inTime("identity", source.identity());
  broken.expect(typeof identity === "string" && identity !== "", "identity says nothing");
  broken.expect(identity === (await source.identity()), "identity changes when it is asked for again");
  const schema = await broken.inTime("schema", source.schema());
  broken.expect(schema.system === source.system, "schema is of another system than the source");
  broken.expect(isDeepStrictEqual(schema, await source.schema()), "schema changes when it is asked for again");
  for (const table of schema.tables) examineTable(table, schema, broken);
  const again = await create();
  try {
    await broken.inTime("open", again.open(new AbortController().signal));
    broken.expect(identity === (await again.identity()), "identity changes when the source is made anew");
    broken.expect(isDeepStrictEqual(schema, await again.schema()), "schema changes when the source is made anew");
  } finally {
    await broken.inTime("close", again.close());
  }
  return schema;
}

function examineTable(table: Table, schema: DataSchema, broken: BrokenPromises): void {
  const name = tableName(table.ref);
  const names = table.columns.map((column) => column.name);
  broken.expect(schema.tables.filter(({ ref }) => isDeepStrictEqual(ref, table.ref)).length === 1, `schema has ${name} twice`);
  broken.expect(new Set(names).size === names.length, `schema has a column of ${name} twice`);
  const known = (columns: readonly string[]) => columns.every((column) => names.includes(column));
  broken.expect(
    table.uniqueKeys.every(({ columns }) => known(columns)) && table.foreignKeys.every(({ columns }) => known(columns)),
    `a key of ${name} is over a column that it does not have`,
  );
  broken.expect(
    table.foreignKeys.every(({ columns, referencedColumns }) => columns.length === referencedColumns.length),
    `a foreign key of ${name} has more columns on one side`,
  );
}

/** The same rows in batches of any size, given back at once or held, all columns or some in another order. Returns how many there are. */
async function examineRows(source: Source, table: Table, broken: BrokenPromises): Promise<number> {
  const columns = readable(table);
  const read = (reading: Omit<Reading, "signal">) => broken.inTime("reading", readCells(source, table, reading));
  const whole = await read({ columns, batchSize: {} });
  for (const maxRows of BATCH_SIZES) {
    const cells = await read({ columns, batchSize: { maxRows } });
    broken.expect(isSameCells(cells, whole), `batches of at most ${maxRows} rows give other rows`);
    await broken.inTime("reading", examineBatches(source, table, maxRows, broken));
  }
  const tiny = await read({ columns, batchSize: { maxBytes: 64 } });
  broken.expect(isSameCells(tiny, whole), "batches of at most 64 bytes give other rows");
  const held = await read({ columns, batchSize: { maxRows: 3 }, releases: false });
  broken.expect(isSameCells(held, whole), "batches that are held while more are read give other rows");
  const reversed = await read({ columns: columns.toReversed(), batchSize: {} });
  broken.expect(isSameCells(reversed.toReversed(), whole), "columns asked for in another order come with other cells");
  const last = await read({ columns: columns.slice(-1), batchSize: {} });
  broken.expect(isSameCells(last, whole.slice(-1)), "a column asked for alone comes with other cells");
  return whole[0]?.length ?? 0;
}

/** Where a server cannot call a result back, leaving it costs the session: the next read may be refused, but neither hang nor fall short. */
async function examineLeaving(source: Source, table: Table, broken: BrokenPromises): Promise<void> {
  const columns = readable(table);
  const { signal } = new AbortController();
  const before = await broken.inTime("reading", readCells(source, table, { columns, batchSize: {} }));
  const leave = async () => {
    for await (const batch of source.read(table, { columns, batchSize: { maxRows: 1 }, signal })) if (batch.rowCount > 0) break;
  };
  await broken.inTime("leaving a loop early", leave());
  const readAgain = async () => {
    const after = await readCells(source, table, { columns, batchSize: {} });
    broken.expect(isSameCells(before, after), "reading after a loop was left early gives other rows");
  };
  await broken.isRefused("reading after a loop was left early", readAgain());
}

/** Rows that had arrived may still come after an abort; but a loop that ends without an error has given all of them. */
async function examineAbort(source: Source, table: Table, rows: number, broken: BrokenPromises): Promise<void> {
  await examineEnd(source, table, rows, "an abort", broken, (controller) => controller.abort());
}

async function examineAborted(source: Source, table: Table, broken: BrokenPromises): Promise<void> {
  const read = readCells(source, table, { columns: readable(table), batchSize: {}, signal: AbortSignal.abort() });
  broken.expect(await broken.isRefused("reading with an aborted signal", read), "reads with a signal that was aborted before");
}

async function examineClosing(source: Source, table: Table, rows: number, broken: BrokenPromises): Promise<void> {
  await examineEnd(source, table, rows, "a close", broken, () => source.close());
}

/** Reads one row, lets something end the reading, and reads on. */
async function examineEnd(
  source: Source,
  table: Table,
  rows: number,
  what: string,
  broken: BrokenPromises,
  end: (controller: AbortController) => void | Promise<void>,
): Promise<void> {
  const controller = new AbortController();
  const options = { columns: readable(table), batchSize: { maxRows: 1 }, signal: controller.signal };
  const batches = source.read(table, options)[Symbol.asyncIterator]();
  const next = (): Promise<IteratorResult<RowBatch>> => broken.inTime(`reading after ${what}`, batches.next());
  let seen = (await next()).value?.rowCount ?? 0;
  await broken.inTime(what, Promise.resolve(end(controller)));
  const readOn = async () => {
    for (let result = await next(); !result.done; result = await next()) seen += result.value.rowCount;
  };
  const isRefused = await broken.isRefused(`reading after ${what}`, readOn());
  broken.expect(isRefused || seen === rows, `reading ends early after ${what}, as if that were the end`);
}
