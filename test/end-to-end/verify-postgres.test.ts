import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { runPostgres } from "./postgres-examiner.ts";
import { shopOf } from "./verify-rows.ts";
import { verifySuite } from "./verify-suite.ts";

describeWithPostgres("a verification on PostgreSQL", () => {
  verifySuite((use) =>
    withDatabases(["standin_verify_source", "standin_verify_target"], async (source, target) => {
      await runPostgres(source!, shopOf("jsonb").join(";"));
      await runPostgres(target!, shopOf("jsonb").slice(0, 3).join(";"));
      await use({ source: source!, target: target!, run: runPostgres });
    }),
  );
});
