import { expect, it } from "vitest";
import { mysqlEncoder } from "../../src/connectors/mysql/index.ts";
import type { RowBatch, TableToWrite } from "../../src/contracts.ts";
import { exactRows } from "../end-to-end/mysql-examiner.ts";
import { describeWithMysql, numbersTo, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { withHeldSource } from "./mysql-reading.ts";
import { withSink } from "./mysql-staging.ts";

const { signal } = new AbortController();
const T = `
  CREATE TABLE t (id int PRIMARY KEY, e enum('a', 'b'), bytes varbinary(9), bits bit(9), v text, twice int AS (id * 2));
  SET sql_mode = ''; INSERT IGNORE INTO t (id, e, bytes, bits, v) SELECT seq, IF(seq % 5 = 0, 'none', 'a'), UNHEX(HEX(seq)), seq % 9, IF(seq % 7 = 0, NULL, 'tab	 and \\\\ and ''') FROM ${numbersTo(700)}`;

/** A copy of T's rows, every fourth text masked, by batches of a hundred rows. */
async function copyBatches(source: string, target: string, loadData: boolean, write: Write): Promise<string[]> {
  await withHeldSource({ url: source }, async (from, [wanted]) => {
    const { table, columns } = wanted!;
    const v = columns.findIndex(({ name }) => name === "v");
    await withSink(
      target,
      async (sink) => {
        await sink.begin([wanted!], null, signal);
        const writer = await sink.writer(wanted!);
        const encoder = mysqlEncoder(structuredClone(sink.encoding!(wanted!).how), wanted!);
        for await (const batch of from.read(table, { columns, batchSize: { maxRows: 100 }, signal })) {
          batch.replace(
            v,
            batch.column(v).map((value, row) => (row % 4 === 0 && value !== null ? "masked\n" : value)),
          );
          if (write === "batches") await writer.write(batch);
          else {
            const { rows, pieces, tally } = encoder.encode(batch);
            // As to another thread: what is sent away is nobody else's.
            const sent = structuredClone(pieces, { transfer: pieces.map(({ buffer }) => buffer as ArrayBuffer) });
            expect(tally).toBe(20);
            await writer.writeEncoded!({ rows, pieces: sent, tally });
          }
        }
        expect(await writer.end()).toBe(700);
        await sink.commit();
      },
      loadData,
    );
  });
  return exactRows(target, "t");
}

type Write = "batches" | "encoded rows";

describeWithMysql("rows that are written out apart from MariaDB's session", () => {
  it.each([
    ["LOAD DATA", true],
    ["INSERTs", false],
  ])("arrive as batches do, with the warnings that are due: by %s", (_, loadData) =>
    withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
      await runMysql(source!, T);
      await runMysql(target!, T);
      const whole = await copyBatches(source!, target!, loadData, "batches");
      expect(whole).not.toEqual(await exactRows(source!, "t"));
      await runMysql(target!, "DELETE FROM t");
      expect(await copyBatches(source!, target!, loadData, "encoded rows")).toEqual(whole);
    }),
  );

  it("are refused where bytes are broken, by the row's ordinal in its table", () =>
    withMysqlDatabases(["standin_source"], async (url) => {
      await runMysql(url!, T);
      await withHeldSource({ url: url! }, async (source, [wanted]) => {
        const { columns, table } = wanted as TableToWrite;
        const bytes = columns.findIndex(({ name }) => name === "bytes");
        const encoder = mysqlEncoder(null, wanted!);
        for await (const batch of source.read(table, { columns, batchSize: {}, firstRow: 3000, signal })) {
          batch.replace(bytes, broken(batch));
          expect(() => encoder.encode(batch)).toThrow(
            expect.objectContaining({ code: "SINK_REJECTED", column: "bytes", row: 3003 }),
          );
        }
      });
    }));
});

const broken = ({ rowCount }: RowBatch) => Array.from({ length: rowCount }, (_, row) => (row === 2 ? "\\xsecret" : "\\x00"));
