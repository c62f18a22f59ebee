import { describe, expect, it } from "vitest";
import { postgresEncoder, postgresSink } from "../../src/connectors/postgres/index.ts";
import type { Column, EncodedRows, RowBatch, RowEncoder, Table, TableToWrite } from "../../src/contracts.ts";
import { scanCopyText } from "../../src/formats/postgres/copy-scanner.ts";
import { TextBatch } from "../../src/testing/text-batch.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { runOn, withHeldSource } from "./postgres-reading.ts";

const { signal } = new AbortController();
const column = (name: string) => ({ name }) as Column;
const COLUMNS = [column("id"), column("v"), column("w")];
const TABLE = { ref: { schema: "public", name: "t" }, columns: COLUMNS } as unknown as Table;
const LONG = 3 * 1024 * 1024;

async function* copyText(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

/** Masks the last column, writes out, gives the batch's memory back and spoils it, as the next batch does. */
async function encodeAll(encoder: RowEncoder, text: string): Promise<EncodedRows[]> {
  const encoded: EncodedRows[] = [];
  for await (const batch of scanCopyText(copyText(text), { table: TABLE.ref, columnCount: 3, batchSize: {} })) {
    batch.replace(
      2,
      batch.column(2).map((value) => value && `masked\t${value}`),
    );
    encoded.push(encoder.encode(batch));
    batch.release();
    batch.bytes.fill(0);
  }
  return encoded;
}

/** Sends rows to another thread and back: a piece that shared its memory would be gone with the first, or come without. */
function sent({ rows, pieces, tally }: EncodedRows): EncodedRows {
  const transfer = pieces.map(({ buffer }) => buffer as ArrayBuffer);
  return structuredClone({ rows, pieces: [...pieces], tally }, { transfer });
}

const textOf = (encoded: readonly EncodedRows[]) => Buffer.concat(encoded.flatMap(({ pieces }) => pieces)).toString();

describe("rows written out as COPY text", () => {
  it("are bytes of their own, masked where they are masked", async () => {
    const encoder = postgresEncoder(null, { table: TABLE, columns: COLUMNS });
    const encoded = await encodeAll(encoder, "1\ta\tsecret\n2\t\\N\t\\N\n3\tä\\t\tb\\\\\n");
    expect(encoded.map(({ rows, tally }) => [rows, tally])).toEqual([[3, 0]]);
    expect(textOf(encoded.map(sent))).toBe("1\ta\tmasked\\tsecret\n2\t\\N\t\\N\n3\tä\\t\tmasked\\tb\\\\\n");
    const again = await encodeAll(encoder, "4\t\tx\n");
    expect(textOf(again.map(sent))).toBe("4\t\tmasked\\tx\n");
  });

  it("are bytes of their own around cells that are long", async () => {
    const [one, other] = ["l".repeat(LONG), "m".repeat(LONG)];
    const encoder = postgresEncoder(null, { table: TABLE, columns: COLUMNS });
    const encoded = await encodeAll(encoder, `1\t${one}\ta\n2\t${other}\tb\n3\tshort\tc\n`);
    const pieces = encoded.flatMap((rows) => rows.pieces);
    expect(pieces.length).toBeGreaterThan(3);
    expect(new Set(pieces.map(({ buffer }) => buffer)).size).toBe(pieces.length);
    expect(textOf(encoded.map(sent)) === `1\t${one}\tmasked\\ta\n2\t${other}\tmasked\\tb\n3\tshort\tmasked\\tc\n`).toBe(true);
  });

  it("are lines where a table has no columns, and nothing where there are no rows", async () => {
    const encoder = postgresEncoder(null, { table: { ...TABLE, columns: [] }, columns: [] });
    const batches = scanCopyText(copyText("\n\n"), { table: TABLE.ref, columnCount: 0, batchSize: {} });
    for await (const batch of batches) expect(textOf([encoder.encode(batch)])).toBe("\n\n");
    expect(encoder.encode(new TextBatch(TABLE.ref, []))).toEqual({ rows: 0, pieces: [], tally: 0 });
  });
});

describeWithPostgres("a PostgreSQL table written by rows that are written out elsewhere", () => {
  it("holds what was read, in order, with batches in between", async () => {
    await withDatabases(["standin_encoded", "standin_encoded"], async (from, to) => {
      await runOn(from!, "CREATE TABLE t (id integer, v text, w bytea)");
      await runOn(to!, "CREATE TABLE t (w bytea, id integer, v text)");
      await runOn(
        from!,
        "INSERT INTO t SELECT g, repeat(E'ä\\t\\\\', g % 90), NULLIF(decode(repeat('00ff', g % 50), 'hex'), '') FROM generate_series(1, 3000) g",
        `INSERT INTO t VALUES (3001, repeat('l', ${LONG}), '')`,
      );
      await withHeldSource({ url: from }, async (source, [wanted]) => {
        const sink = postgresSink({ url: to });
        try {
          await sink.open(signal);
          await sink.schema();
          await sink.begin([wanted!], null, signal);
          expect(
            await write(
              wanted!,
              sink,
              source.read(wanted!.table, { columns: wanted!.columns, batchSize: { maxBytes: 20_000 }, signal }),
            ),
          ).toBe(3001);
          await sink.commit();
        } finally {
          await sink.close();
        }
      });
      const digest = "SELECT count(*)::integer, md5(string_agg(concat_ws(',', id, v, w), ';' ORDER BY ctid)) FROM t";
      expect(await runOn(to!, digest)).toEqual(await runOn(from!, digest));
    });
  });
});

/** Every third batch as it is, the others written out elsewhere. */
async function write(
  table: TableToWrite,
  sink: ReturnType<typeof postgresSink>,
  batches: AsyncIterable<RowBatch>,
): Promise<number> {
  const { system, how } = sink.encoding!(table);
  expect(system).toBe("postgres");
  const encoder = postgresEncoder(structuredClone(how), table);
  const writer = await sink.writer(table);
  let index = 0;
  for await (const batch of batches) {
    if (index++ % 3 === 0) await writer.write(batch);
    else await writer.writeEncoded!(sent(encoder.encode(batch)));
    batch.release?.();
  }
  expect(index).toBeGreaterThan(10);
  return writer.end();
}
