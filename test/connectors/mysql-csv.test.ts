import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { csvSink, csvSource } from "../../src/connectors/csv/index.ts";
import { refresh } from "../../src/refresh.ts";
import { keepEverything } from "../end-to-end/automatic-policy.ts";
import { exactRows, mysqlSchema } from "../end-to-end/mysql-examiner.ts";
import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { TEST_KEY } from "../test-key.ts";

const TABLE = `
  CREATE TABLE t (id bigint PRIMARY KEY, v varchar(50), l varchar(50) CHARACTER SET latin1, n decimal(20,10), f float, d double,
    at datetime(6), day date, e enum('a',''), j json, b blob, y varbinary(9), bits bit(5))`;

const ROWS = `
  INSERT INTO t VALUES
    (1, 'a "quoted", text\\nof two lines', 'é', 1.10, 0.1, 1e300, '2024-03-10 02:30:00.000001', '0000-00-00', 'a', '{"a":1.0}', x'00ff5c270a0d1a2c22', x'', 21),
    (2, '', '', -5, -0.5, 0.1, '9999-12-31', '2024-02-29', '', 'null', '', 'text', 0),
    (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
    (4, '\\\\N', 'NULL', 0, 16777217, 5e-324, NULL, NULL, '', '"x"', '\\\\x41', 'NULL', 31)`;

describeWithMysql("MariaDB and CSV", () => {
  it("give each other every row without a loss", () =>
    withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
      const folder = mkdtempSync(join(tmpdir(), "standin-mysql-csv-"));
      try {
        await runMysql(source!, `${TABLE}; ${ROWS}`);
        await runMysql(target!, TABLE);
        const tables = keepEverything(await mysqlSchema(source!));
        await refresh({ source, target: csvSink({ folder }), tables }, { key: TEST_KEY });
        await refresh({ source: csvSource({ paths: folder }), target, tables }, { key: TEST_KEY });
        expect(await exactRows(target!, "t")).toEqual(await exactRows(source!, "t"));
      } finally {
        rmSync(folder, { recursive: true });
      }
    }));
});
