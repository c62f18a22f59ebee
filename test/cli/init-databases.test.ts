import { expect, it } from "vitest";
import { mysqlSource } from "../../src/connectors/mysql/index.ts";
import { postgresSource } from "../../src/connectors/postgres/index.ts";
import { refresh } from "../../src/refresh.ts";
import { keepEverything } from "../end-to-end/automatic-policy.ts";
import { mysqlExaminer } from "../end-to-end/mysql-examiner.ts";
import { MYSQL_SAMPLES } from "../end-to-end/mysql-samples.ts";
import { postgresExaminer } from "../end-to-end/postgres-examiner.ts";
import { POSTGRES_SAMPLES } from "../end-to-end/postgres-samples.ts";
import { IS_THOROUGH } from "../faults/seeds.ts";
import { describeWithMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { describeWithData } from "../shared-data.ts";
import { TEST_KEY } from "../test-key.ts";
import { proposeAndRun, withFolders } from "./init-suite.ts";
import { stagePackage } from "./staged-package.ts";

const { command } = await stagePackage();

const PREFIXES = ["standin_init_source", "standin_init_target"];

describeWithPostgres("standin init on PostgreSQL", () => {
  describeWithData("sample databases", "sql", () => {
    it.each(["pagila", "northwind", "chinook"])("leaves no direct identifier of %s unmasked", async (name) => {
      await withDatabases(PREFIXES, async (source, target) => {
        await POSTGRES_SAMPLES[name]!.load(source!);
        await proposeAndRun(command, { source: source!, target: target! }, name);
      });
    });

    const exported = IS_THOROUGH ? ["pagila", "northwind", "chinook"] : ["pagila", "northwind"];
    it.each(exported)("leaves no direct identifier of CSV exports of %s unmasked", async (name) => {
      await withDatabases([PREFIXES[0]!], async (url) => {
        await POSTGRES_SAMPLES[name]!.load(url!);
        await withFolders(async (source, target) => {
          const tables = keepEverything(await postgresExaminer.schema(url!));
          const report = await refresh({ source: postgresSource({ url: url! }), target: source, tables }, { key: TEST_KEY });
          expect(report.tables.length).toBe(POSTGRES_SAMPLES[name]!.tables);
          await proposeAndRun(command, { source, target }, name);
        });
      });
    });
  });
});

describeWithMysql("standin init on MariaDB", () => {
  describeWithData("sample databases", "sql", () => {
    const SAMPLES = [
      ["sakila", "sakila"],
      ["chinook", "chinookCamel"],
    ] as const;

    it.each(SAMPLES)("leaves no direct identifier of %s unmasked", async (name, reading) => {
      await withMysqlDatabases(PREFIXES, async (source, target) => {
        await MYSQL_SAMPLES[name]!.load(source!);
        await proposeAndRun(command, { source: source!, target: target! }, reading);
      });
    });

    // Files know no more of the server than their text, and PostgreSQL's are there as well.
    it.each(IS_THOROUGH ? SAMPLES : [])("leaves no direct identifier of CSV exports of %s unmasked", async (name, reading) => {
      await withMysqlDatabases([PREFIXES[0]!], async (url) => {
        await MYSQL_SAMPLES[name]!.load(url!);
        await withFolders(async (source, target) => {
          const tables = keepEverything(await mysqlExaminer.schema(url!));
          const report = await refresh({ source: mysqlSource({ url: url! }), target: source, tables }, { key: TEST_KEY });
          expect(report.tables.length).toBe(MYSQL_SAMPLES[name]!.tables);
          await proposeAndRun(command, { source, target }, reading);
        });
      });
    });
  });
});
