import { PassThrough } from "node:stream";
import pg from "pg";
import { expect, it } from "vitest";
import { explanationLines } from "../../src/cli/commands/explain-command.ts";
import { planLines } from "../../src/cli/show/plan-lines.ts";
import { errorLines } from "../../src/cli/show/print-error.ts";
import { isStandinError } from "../../src/errors.ts";
import { explain } from "../../src/explain.ts";
import { definePolicy } from "../../src/policy/define-policy.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { planRefresh } from "../../src/refresh.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";

const TABLE = "t\u001b[2J\nx";
const COLUMN = "c\u001b]0;gone\u0007\u202e";

describeWithPostgres("names that command a terminal", () => {
  it("are shown written out by plan, explain and errors", async () => {
    await withDatabases(["standin_inert_a", "standin_inert_b"], async (source, target) => {
      for (const url of [source, target]) {
        const client = new pg.Client(url);
        await client.connect();
        await client.query(`CREATE TABLE "${TABLE}" ("${COLUMN}" text, other text)`).finally(() => client.end());
      }
      const policy = definePolicy({ source, target, tables: { [TABLE]: { [COLUMN]: redact() } } });
      const plan = await planRefresh(policy);
      expect(plan.findings.length).toBeGreaterThan(0);
      const output = new PassThrough();
      const loaded = { policy: parsePolicy(policy), file: "p.yaml", isCode: false, plugins: [] };
      const error = await explain(policy, `${TABLE}.none`).catch((error: unknown) => error);
      if (!isStandinError(error)) throw error;
      const lines = [
        ...planLines(plan, loaded, output),
        ...explanationLines(await explain(policy, `${TABLE}.${COLUMN}`), "p.yaml", output),
        ...errorLines(error, {}, output),
      ];
      expect(lines.join("")).toContain("\\u001b");
      expect(lines.filter((line) => /[\p{Cc}\u202e]/u.test(line))).toEqual([]);
    });
  });
});
