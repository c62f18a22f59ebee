import { describeWithMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { describeWithData } from "../shared-data.ts";
import { mysqlExaminer } from "./mysql-examiner.ts";
import { MYSQL_SAMPLES } from "./mysql-samples.ts";
import { copiesSamples } from "./sample-suite.ts";

describeWithMysql("MariaDB to MariaDB", () => {
  describeWithData("sample databases", "sql", () => {
    copiesSamples({ samples: MYSQL_SAMPLES, examiner: mysqlExaminer, withDatabases: withMysqlDatabases });
  });
});
