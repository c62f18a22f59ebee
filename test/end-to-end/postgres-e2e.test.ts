import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { describeWithData } from "../shared-data.ts";
import { postgresExaminer } from "./postgres-examiner.ts";
import { POSTGRES_SAMPLES } from "./postgres-samples.ts";
import { copiesSamples } from "./sample-suite.ts";

describeWithPostgres("PostgreSQL to PostgreSQL", () => {
  describeWithData("sample databases", "sql", () => {
    copiesSamples({ samples: POSTGRES_SAMPLES, examiner: postgresExaminer, withDatabases });
  });
});
