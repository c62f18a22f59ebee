import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { IS_THOROUGH } from "../faults/seeds.ts";
import { describeWithMysql, withMysqlDatabases, withMysqlSession } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { describeWithData, sharedData } from "../shared-data.ts";
import { callElsewhere } from "./elsewhere.ts";
import { exactRows } from "./mysql-examiner.ts";
import { mysqlValues } from "./mysql-samples.ts";
import { runPostgres, withPostgresSession } from "./postgres-examiner.ts";

/** Zones with their minutes behind UTC, which prove that the other process does live there. */
const ZONES: readonly (readonly [zone: string, offset: number])[] = [
  ["UTC", 0],
  ["America/New_York", 240],
  ...(IS_THOROUGH ? ([["Asia/Kolkata", -330]] as const) : []),
];

/** A value of each type, as a file of the shared material tells it. */
function valuesOf<Value>(file: string): Value[] {
  return (JSON.parse(readFileSync(sharedData("types", file), "utf8")) as { values: Value[] }).values;
}

/** A process of its own, as a time zone is read once, at a process's start. */
const copyUnder = (zone: string, source: string, target: string) =>
  callElsewhere("copy-everything.ts", "copyEverything", [source, target], { TZ: zone });

describeWithPostgres("an identity plan on PostgreSQL", () => {
  describeWithData("every type", "types", () => {
    it.each(ZONES)("copies 98 of 98 values as they are in a process under TZ=%s", async (zone, offset) => {
      const values = valuesOf<{ type: string; literal: string | null }>("pg-values.json");
      await withDatabases(["standin_types_source", "standin_types_target"], async (source, target) => {
        await withPostgresSession(source, async (session) => {
          await session.query(
            "CREATE EXTENSION hstore; CREATE EXTENSION citext; CREATE TYPE mood AS ENUM ('sad', 'o''k'); CREATE TYPE comp AS (a int, b text); CREATE DOMAIN dm AS text",
          );
          for (const [index, { type, literal }] of values.entries()) {
            await session.query(`CREATE TABLE v${index} (id int PRIMARY KEY, v ${type})`);
            await session.query(`INSERT INTO v${index} SELECT 1, $1::text::${type}`, [literal]);
          }
        });
        expect(await copyUnder(zone, source, target)).toEqual({ rows: 98, offset });
        const union = values.map((_, index) => `SELECT ${index} AS id, v::text, v IS NULL AS "isNull" FROM v${index}`);
        const read = async (url: string) => (await runPostgres(url, `${union.join(" UNION ALL ")} ORDER BY 1`)).map(labelled);
        const labelled = (row: Record<string, unknown>) => ({ ...values[row.id as number], ...row });
        const copied = await read(target);
        expect(copied).toHaveLength(98);
        expect(copied).toEqual(await read(source));
      });
    });
  });
});

describeWithMysql("an identity plan on MariaDB", () => {
  describeWithData("every type", "types", () => {
    it.each(ZONES)("copies every value as it is in a process under TZ=%s", async (zone, offset) => {
      const values = mysqlValues();
      expect(values.length).toBeGreaterThanOrEqual(60);
      await withMysqlDatabases(["standin_types_source", "standin_types_target"], async (source, target) => {
        await withMysqlSession(source, async (session) => {
          for (const [index, { type, sql }] of values.entries()) {
            await session.query(`CREATE TABLE v${index} (id int PRIMARY KEY, v ${type})`);
            await session.query(`INSERT INTO v${index} VALUES (1, ${sql})`);
          }
        });
        expect(await copyUnder(zone, source, target)).toEqual({ rows: values.length, offset });
        const read = async (url: string) => {
          const found: unknown[] = [];
          for (const [index, { type, sql }] of values.entries()) {
            const [hex] = await withMysqlSession(url, (session) =>
              session.query(`SELECT HEX(v) AS hex, v IS NULL AS isNull FROM v${index}`),
            );
            found.push({ type, sql, hex, exact: await exactRows(url, `v${index}`, ["v"]) });
          }
          return found;
        };
        const copied = await read(target);
        expect(copied).toHaveLength(values.length);
        expect(copied).toEqual(await read(source));
      });
    });
  });
});
