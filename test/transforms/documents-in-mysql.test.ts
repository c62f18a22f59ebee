import { expect, it } from "vitest";
import { refresh } from "../../src/refresh.ts";
import { decode } from "../../src/transforms/documents/decode.ts";
import { maskJson } from "../../src/transforms/documents/mask-json.ts";
import { maskPhp } from "../../src/transforms/documents/mask-php.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { describeWithMysql, isMariaDb, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { TEST_KEY } from "../test-key.ts";

/** MySQL has a type for documents, and writes them in a way of its own. */
async function asStored(url: string, document: string): Promise<unknown> {
  if (isMariaDb) return document;
  const literal = document.replaceAll("\\", "\\\\");
  return (await runMysql(url, `SELECT CONCAT(CAST('${literal}' AS JSON)) AS j`))[0]!.j;
}

const shout = custom((value) => `${value.toUpperCase()}é`);

describeWithMysql("in MariaDB, values within values", () => {
  it("change at their places alone, and are accepted", async () => {
    await withMysqlDatabases(["source", "target"], async (source, target) => {
      const document = `{ "id" : 12345678901234567890, "mail":"a", "mail" : "b\\\\u00e9", "n": 1.500,\\t"big": -0.0e+10 }`;
      const table = `CREATE TABLE t (id int PRIMARY KEY, j json, l longtext, p text, b blob, narrow text CHARACTER SET latin1)`;
      await runMysql(source, table);
      await runMysql(
        source,
        `INSERT INTO t VALUES (1, '${document}', '${document}', 'a:1:{s:4:"mail";s:3:"zoë";}', '{"mail":"x"}', 'a:1:{s:4:"mail";s:1:"x";}')`,
      );
      await runMysql(target, table);
      const mail = maskJson({ paths: { "$.mail": shout } });
      const tables = {
        t: {
          id: keep(),
          j: mail,
          l: mail,
          p: maskPhp({ paths: { "$.mail": shout } }),
          b: decode({ as: "hex", then: mail }),
          narrow: maskPhp({ paths: { "$.mail": custom((value) => value.toUpperCase()) } }),
        },
      };
      await refresh({ source, target, tables }, { key: TEST_KEY });
      const masked = document.replace('"a"', '"Aé"').replace('"b\\\\u00e9"', '"B\\u00c9\\u00e9"').replace("\\t", "\t");
      expect(await runMysql(target, "SELECT CONCAT(j) AS j, l, p, CONVERT(b USING utf8mb4) AS b, narrow FROM t")).toEqual([
        {
          j: await asStored(target, masked),
          l: masked,
          p: 'a:1:{s:4:"mail";s:6:"ZOËé";}',
          b: '{"mail":"Xé"}',
          narrow: 'a:1:{s:4:"mail";s:1:"X";}',
        },
      ]);
    });
  });
});
