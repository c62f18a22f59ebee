import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { shopOf } from "./verify-rows.ts";
import { verifySuite } from "./verify-suite.ts";

describeWithMysql("a verification on MariaDB", () => {
  verifySuite((use) =>
    withMysqlDatabases(["standin_verify_source", "standin_verify_target"], async (source, target) => {
      for (const statement of shopOf("json", "mediumtext")) await runMysql(source!, statement);
      for (const statement of shopOf("json", "mediumtext").slice(0, 3)) await runMysql(target!, statement);
      await use({ source: source!, target: target!, run: runMysql });
    }),
  );
});
