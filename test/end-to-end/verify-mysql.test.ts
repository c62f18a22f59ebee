import { describe } from "vitest";
import { mysqlSink } from "../../src/connectors/mysql/index.ts";
import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { shopOf } from "./verify-rows.ts";
import { verifyRunSuite } from "./verify-run-suite.ts";
import { type VerifyPlaces, verifySuite } from "./verify-suite.ts";

describeWithMysql("a verification on MariaDB", () => {
  const withShops = (use: (places: VerifyPlaces) => Promise<void>) =>
    withMysqlDatabases(["standin_verify_source", "standin_verify_target"], async (source, target) => {
      for (const statement of shopOf("json", "mediumtext")) await runMysql(source!, statement);
      for (const statement of shopOf("json", "mediumtext").slice(0, 3)) await runMysql(target!, statement);
      await use({ source: source!, target: target!, run: runMysql });
    });

  verifySuite(withShops);

  describe("within a run", () =>
    verifyRunSuite((use) =>
      withShops((places) => use({ ...places, schema: "DATABASE()", sink: () => mysqlSink({ url: places.target }) })),
    ));
});
