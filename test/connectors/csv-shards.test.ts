import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { ByteBatch } from "../../src/batch/byte-batch.ts";
import { type CsvSourceOptions, csvEncoder, csvReader, csvSink, csvSource } from "../../src/connectors/csv/index.ts";
import type { RowBatch, Shard, ShardReader, Source, Table } from "../../src/contracts.ts";
import { RFC_4180 } from "../../src/formats/csv/csv-dialect.ts";
import { describeWithData, sharedData } from "../shared-data.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "standin-csv-shards-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const SIZES = [1, 64, 4096];
/** For longer files, of which a part for each row would take minutes. */
const LONG_SIZES = [4096, 65_536];
const LONG_BYTES = 16 * 1024;
const neverAborted = () => new AbortController().signal;
const path = () => join(folder, "t.csv");

async function shardsOf(source: Source, table: Table, bytes: number): Promise<Shard[]> {
  const shards: Shard[] = [];
  for await (const shard of source.shards!(table, { columns: table.columns, bytes, signal: neverAborted() })) shards.push(shard);
  return shards;
}

/** What came of a table: its rows' bytes, and its cells as JSON. Texts, as thousands of rows are compared. */
interface Rows {
  readonly bytes: string;
  readonly cells: string;
}

class Collected {
  readonly #bytes: Buffer[] = [];
  readonly #cells: (string | null)[][] = [];

  get rowCount(): number {
    return this.#cells.length;
  }

  add(batch: RowBatch, { columns }: Table): void {
    expect(batch.firstRow).toBe(this.rowCount);
    if (batch instanceof ByteBatch) this.#bytes.push(Buffer.from(batch.bytes.subarray(batch.from, batch.to)));
    const values = columns.map((_, index) => batch.column(index));
    for (let row = 0; row < batch.rowCount; row++) this.#cells.push(values.map((column) => column[row]!));
    batch.release?.();
  }

  get rows(): Rows {
    return { bytes: Buffer.concat(this.#bytes).toString("latin1"), cells: JSON.stringify(this.#cells) };
  }
}

async function readWhole(source: Source, table: Table, maxRows?: number): Promise<Rows> {
  const collected = new Collected();
  const options = { columns: table.columns, batchSize: { maxRows }, signal: neverAborted() };
  for await (const batch of source.read(table, options)) collected.add(batch, table);
  return collected.rows;
}

async function readParts(reader: Pick<ShardReader, "read">, table: Table, shards: readonly Shard[]): Promise<Rows> {
  const collected = new Collected();
  for (const shard of shards) {
    const options = { columns: table.columns, batchSize: {}, signal: neverAborted(), shard, firstRow: collected.rowCount };
    for await (const batch of reader.read(table, options)) collected.add(batch, table);
  }
  return collected.rows;
}

/** What a read came to: its rows, or how and where it failed. */
async function outcome(read: Promise<Rows>): Promise<object> {
  // Where bytes are no UTF-8, a batch says so of itself, and the batches of a part are its own.
  return read.catch(({ code, row, offset, message }) => (/UTF-8/.test(message) ? { code } : { code, row, offset }));
}

/**
 * Reads a file whole and in parts of every size: the same rows byte for byte, or the same failure at the same place. Returns how many parts there were of one
 * byte each.
 */
async function expectSame(bytes: Uint8Array, options: Partial<CsvSourceOptions> = {}): Promise<number> {
  writeFileSync(path(), bytes);
  const source = csvSource({ paths: path(), ...options });
  try {
    await source.open(neverAborted());
  } catch {
    return 0;
  }
  const [table] = (await source.schema()).tables;
  const whole = await outcome(readWhole(source, table!));
  let most = 0;
  for (const size of bytes.length < LONG_BYTES ? SIZES : LONG_SIZES) {
    const shards = await shardsOf(source, table!, size);
    expect(new Set(shards.map(({ id }) => id)).size).toBe(shards.length);
    expect(await shardsOf(source, table!, size)).toEqual(shards);
    const { reader } = structuredClone(await source.share!([{ table: table!, columns: table!.columns }], 1)) as {
      reader: unknown;
    };
    const elsewhere = csvReader(reader);
    await elsewhere.open(neverAborted());
    expect(await outcome(readParts(elsewhere, structuredClone(table!), structuredClone(shards)))).toEqual(whole);
    expect(await outcome(readParts(source, table!, shards))).toEqual(whole);
    await elsewhere.close();
    most = Math.max(most, shards.length);
  }
  await source.close();
  return most;
}

describe("a CSV file in parts", () => {
  it.each([
    ["line ends", "a,b\n1,2\n3,4\n", 2],
    ["CRLF, and the last row without a line end", "a,b\r\n1,2\r\n3,4", 2],
    ["line breaks, quotes and delimiters in quotes", 'a,b\n"1\n""2",","\n"\n",""\n3,4\n', 3],
    ["a byte order mark", '\ufeff"a\nx",b\n1,2\n3,4\n', 2],
    ["no rows", "a,b\n", 1],
    ["a header without a line end", "a,b", 1],
    ["characters of several bytes", "a,b\näöü,€\n𝄞,x\n", 2],
  ])("gives what the whole file gives: %s", async (_, text, parts) => {
    expect(await expectSame(Buffer.from(text))).toBe(parts);
  });

  it("follows the quotes of every dialect", async () => {
    expect(await expectSame(Buffer.from("a,b\r1,2\r'\r''',3\r"), { dialect: { terminator: "\r", quote: "'" } })).toBe(2);
    const backslashes = Buffer.from('a,b\n"1\\"\n",2\n"\\\\",3\n\\,4\n"\\\n\\",5"\\n,6\n"x",7\n');
    expect(await expectSame(backslashes, { dialect: { escape: "backslash" } })).toBeGreaterThan(3);
    expect(await expectSame(Buffer.from('a,b\n"1,2\n",3\n'), { dialect: { quote: null } })).toBe(2);
    expect(await expectSame(Buffer.from("a;b\n\n1;2\n\n\n3;4\n\n"), { dialect: { skipEmptyLines: true } })).toBe(6);
    expect(await expectSame(Buffer.from("1,2\n3,4\n"), { header: false })).toBe(2);
  });

  it("is one part where no row can be found from its middle: packed, or read through another parser", async () => {
    expect(await expectSame(Buffer.from("\ufeffa,b\n1,2\n3,4\n", "utf16le"))).toBe(1);
    expect(await expectSame(Buffer.from("a,b\n#x\n1,2\n3,4\n"), { dialect: { comment: "#" } })).toBe(1);
  });

  it.each([
    ["a quote that is never closed", 'a,b\n1,2\n3,"4\n5,6\n7,8\n'],
    ["a quote inside of a field", 'a,b\n1,2\n3,x"4\n5,6\n7,"8"\n'],
    ["text behind a closing quote", 'a,b\n1,2\n3,"4"x\n5,6\n'],
    ["a row with too few fields", "a,b\n1,2\n3\n5,6\n"],
    ["a row with too many fields", "a,b\n1,2\n3,4,5\n5,6\n"],
    ["a lone carriage return", "a,b\n1,2\n3,4\r5,6\n7,8\n"],
    ["a blank line", "a,b\n1,2\n\n5,6\n"],
  ])("fails as the whole file fails, and at its place in the file: %s", async (_, text) => {
    expect(await expectSame(Buffer.from(text))).toBeGreaterThan(0);
    const source = csvSource({ paths: path() });
    await source.open(neverAborted());
    const [table] = (await source.schema()).tables;
    const failed = await outcome(readParts(source, table!, await shardsOf(source, table!, 1)));
    expect(failed).toMatchObject({ code: "FORMAT_INVALID", row: 2 });
  });

  it("gives the same rows or the same failure for any bytes", async () => {
    const piece = fc.constantFrom(
      "a",
      "b",
      ",",
      '"',
      '"',
      '""',
      "\n",
      "\n",
      "\r\n",
      "\r",
      "\\",
      "é",
      "ab,c\n",
      '"x\n",y\n',
      "1,2\n",
    );
    const dialect = fc.record({
      quote: fc.constantFrom('"', "'", null),
      escape: fc.constantFrom("double", "backslash"),
      terminator: fc.constantFrom("auto", "\n", "\r\n", "\r"),
      skipEmptyLines: fc.boolean(),
    });
    const names = { columns: ["one", "two"] };
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { maxLength: 40 }), dialect as fc.Arbitrary<object>, async (pieces, dialect) => {
        const text = Buffer.from(`1,2${(dialect as { terminator: string }).terminator.replace("auto", "\n")}${pieces.join("")}`);
        await expectSame(text, { dialect, ...names });
      }),
      { numRuns: 100 },
    );
  });

  it("gives the same rows for any well-formed file", async () => {
    // Among them the neighbours of the quote: by its lowest bit, and by its highest.
    const cell = fc.stringMatching(/^["#¢!&',;\n\r\\aé]{0,9}$/);
    const table = fc.array(fc.tuple(cell, cell, cell), { minLength: 1, maxLength: 40 });
    const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;
    await fc.assert(
      fc.asyncProperty(table, fc.constantFrom("\n", "\r\n"), fc.boolean(), async (rows, end, isEnded) => {
        const lines = rows.map((row) => row.map(quoted).join(","));
        const parts = await expectSame(Buffer.from(`a,b,c${end}${lines.join(end)}${isEnded ? end : ""}`));
        expect(parts).toBe(rows.length);
      }),
      { numRuns: 40 },
    );
  });

  it("cuts a file that is longer than what is read at a time, quotes over its edges, into parts of about the bytes asked for", async () => {
    const rows = Array.from(
      { length: 30_000 },
      (_, row) => `${row},"line\n""${"x".repeat(row % 41)}",${"\n".repeat(0)}${row % 7}`,
    );
    writeFileSync(path(), `a,b,c\n${rows.join("\n")}\n`);
    const source = csvSource({ paths: path() });
    await source.open(neverAborted());
    const [table] = (await source.schema()).tables;
    const shards = await shardsOf(source, table!, 100_000);
    for (const { range } of shards.slice(0, -1)) {
      const { from, to } = range as { from: number; to: number };
      expect(to - from).toBeGreaterThanOrEqual(100_000);
      expect(to - from).toBeLessThan(100_100);
    }
    expect(await readParts(source, table!, shards)).toEqual(await readWhole(source, table!));
    await source.close();
  });
});

describeWithData("CSV files of others in parts", "csv", () => {
  const files = readdirSync(sharedData("csv"), { recursive: true, encoding: "utf8" }).filter((name) =>
    /\.(csv|tsv|txt)$/i.test(name),
  );

  it.each(files)("%s gives the same rows, or fails the same", async (name) => {
    const bytes = readFileSync(sharedData("csv", name));
    for (const dialect of [{}, { escape: "backslash" }, { skipEmptyLines: true }, { quote: null }] as const) {
      await expectSame(bytes, { dialect });
      await expectSame(bytes, { dialect, header: false });
    }
  });

  it("gives the same rows of the malformed cases, or fails the same", async () => {
    const { cases } = JSON.parse(readFileSync(sharedData("csv", "malformed-cases.json"), "utf8"));
    for (const { bytes_b64 } of cases as { bytes_b64: string }[]) {
      for (const dialect of [{}, { escape: "backslash" }, { terminator: "\r" }] as const) {
        await expectSame(Buffer.from(bytes_b64, "base64"), { dialect });
      }
    }
  });
});

describe("a reader of a shared CSV", () => {
  it("fails where the file is another than the one that was shared, and quotes no value", async () => {
    writeFileSync(path(), "a\ncanary\n2\n");
    const source = csvSource({ paths: path() });
    await source.open(neverAborted());
    const [table] = (await source.schema()).tables;
    const [shard] = await shardsOf(source, table!, 1);
    const { reader } = (await source.share!([{ table: table!, columns: table!.columns }], 2)) as { reader: unknown };
    writeFileSync(path(), "a\ncanary\n2\n3\n");
    const error = await readParts(csvReader(reader), table!, [shard!]).catch((caught) => caught);
    expect(error).toMatchObject({ code: "SOURCE_FAILED", file: path() });
    expect(`${error.stack}`).not.toContain("canary");
    await expect(shardsOf(source, table!, 1)).rejects.toMatchObject({ code: "SOURCE_FAILED" });
  });

  it("gives columns in the order that they are asked for", async () => {
    writeFileSync(path(), "a,b\n1,2\n3,4\n");
    const source = csvSource({ paths: path() });
    await source.open(neverAborted());
    const [table] = (await source.schema()).tables;
    const turned = { ...table!, columns: table!.columns.toReversed() };
    const { reader } = (await source.share!([{ table: table!, columns: turned.columns }], 1)) as { reader: unknown };
    const { cells } = await readParts(csvReader(reader), turned, await shardsOf(source, table!, 1));
    expect(cells).toBe('[["2","1"],["4","3"]]');
  });

  it("never takes a close for the file's end", async () => {
    writeFileSync(path(), `a\n${"row\n".repeat(200_000)}`);
    const source = csvSource({ paths: path() });
    await source.open(neverAborted());
    const [table] = (await source.schema()).tables;
    const options = { columns: table!.columns, batchSize: {}, signal: neverAborted() };
    const [whole, cut] = [source.read(table!, options), source.shards!(table!, { ...options, bytes: 1000 })];
    const iterators = [whole[Symbol.asyncIterator](), cut[Symbol.asyncIterator]()];
    for (const iterator of iterators) await iterator.next();
    await source.close();
    const readOn = async (iterator: AsyncIterator<unknown>) => {
      while (!(await iterator.next()).done);
    };
    for (const iterator of iterators) await expect(readOn(iterator)).rejects.toMatchObject({ code: "SOURCE_FAILED" });
  });
});

describe("rows that were written out elsewhere", () => {
  it("come to the same file as batches do, in the source's dialect, for files and packed files", async () => {
    const text = `\ufeffa;b\r\n${Array.from({ length: 500 }, (_, row) => `${row};"x ""${row}"""\r\n`).join("")}`;
    writeFileSync(path(), text);
    const source = csvSource({ paths: path(), dialect: { terminator: "\r\n" } });
    await source.open(neverAborted());
    const [table] = (await source.schema()).tables;
    const target = join(folder, "target");
    mkdirSync(target);
    const sink = csvSink({ folder: target });
    await sink.open(neverAborted());
    const toWrite = { table: table!, columns: table!.columns };
    await sink.begin([toWrite], null, neverAborted());
    const { system, how } = structuredClone(sink.encoding!(toWrite));
    expect(system).toBe("csv");
    const writer = await sink.writer(toWrite);
    const encoder = csvEncoder(how, structuredClone(toWrite));
    const shards = await shardsOf(source, table!, 1000);
    expect(shards.length).toBeGreaterThan(5);
    let firstRow = 0;
    for (const shard of shards) {
      const options = { columns: table!.columns, batchSize: { maxRows: 20 }, signal: neverAborted(), shard, firstRow };
      for await (const batch of source.read(table!, options)) {
        batch.replace(
          0,
          batch.column(0).map((value) => (value === "7" ? "masked;7" : value)),
        );
        firstRow += batch.rowCount;
        const encoded = encoder.encode(batch);
        // Given away to another thread, as the pieces are memory of their own.
        const pieces = encoded.pieces.map((piece) => structuredClone(piece, { transfer: [piece.buffer as ArrayBuffer] }));
        await writer.writeEncoded!({ ...encoded, pieces });
      }
    }
    expect(await writer.end()).toBe(500);
    await sink.commit();
    expect(readFileSync(join(target, "t.csv"), "utf8")).toBe(text.replace("\r\n7;", '\r\n"masked;7";'));
    await source.close();
  });

  it("are written in a dialect of the sink's", async () => {
    const toWrite = { table: {} as Table, columns: [] };
    const sink = csvSink({ folder, dialect: { delimiter: ";" } });
    expect(sink.encoding!(toWrite).how).toMatchObject({ delimiter: ";", quote: RFC_4180.quote });
  });
});
