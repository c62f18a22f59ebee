import { execFileSync } from "node:child_process";
import { createReadStream, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { timeInUtc } from "../../src/formats/postgres/time-in-utc.ts";
import { postgresDump } from "../../src/formats/postgres-dump/postgres-dump.ts";
import { resolveMaskingKey } from "../../src/keys/masking-key.ts";
import { pipeDump } from "../../src/pipeline/dump/pipe-dump.ts";
import { definePolicy, type TablesPolicy } from "../../src/policy/define-policy.ts";
import { refresh } from "../../src/refresh.ts";
import { generalizeDate } from "../../src/transforms/dates/generalize-date.ts";
import { shiftDates } from "../../src/transforms/dates/shift-dates.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";
import { runPostgres, withPostgresSession } from "./postgres-examiner.ts";

const folder = mkdtempSync(join(tmpdir(), "standin-times-"));
afterAll(() => rmSync(folder, { recursive: true }));
const at = (name: string) => join(folder, name);

const ZONES = ["Asia/Kathmandu", "America/St_Johns", "Europe/Amsterdam", "Africa/Monrovia", "Pacific/Kiritimati"];

/** Instants around every kind of edge: of days, months, years, leap days, eras, and of clocks that are put forward. */
const INSTANTS = `SELECT t FROM (
    SELECT timestamptz '1850-01-01 00:00+00' + n * interval '899:17:23.000007' FROM generate_series(0, 2000) n
    UNION ALL SELECT make_timestamptz(y, m, 1, 0, 0, 0, 'UTC') - interval '1 second' + n * interval '1 hour'
      FROM unnest(ARRAY[-45, -5, -4, -1, 1, 4, 1900, 2000, 2023, 2024, 9999, 10000, 120000]) y, unnest(ARRAY[1, 3, 4, 11]) m, generate_series(-1, 1) n
    UNION ALL SELECT unnest(ARRAY['infinity', '-infinity', NULL]::timestamptz[])) all_of_them (t)`;

describeWithPostgres("times with zone in dumps of PostgreSQL", () => {
  it("are read as a session in UTC writes them, whatever zone they were written in", () =>
    withDatabases(["standin_times"], (url) =>
      withPostgresSession(url!, async (session) => {
        const texts = async (zone: string) => {
          await session.query(`SET TimeZone = '${zone}'`);
          const { rows } = await session.query<{ t: string | null }>(`SELECT t::text FROM (${INSTANTS}) i ORDER BY i.t`);
          return rows.map(({ t }) => t);
        };
        const expected = await texts("UTC");
        for (const zone of ZONES)
          expect((await texts(zone)).map((text) => (text === null ? null : timeInUtc(text)))).toEqual(expected);
      }),
    ));

  it("are masked as the live database's are, as COPY and as INSERTs, in a run and in a pipe, and keep their bytes where they are kept", () =>
    withDatabases(["standin_times_a", "standin_times_b"], async (source, target) => {
      const columns = "id int PRIMARY KEY, month instant, moved timestamptz, word timestamptz, own timestamptz(3)";
      await runPostgres(
        source!,
        `CREATE DOMAIN instant AS timestamptz; CREATE TABLE visits (${columns});
         INSERT INTO visits SELECT n, t, t, t, t FROM (SELECT row_number() OVER (ORDER BY t) n, t FROM (SELECT timestamptz '2024-02-28 00:00+00' + n * interval '7:13:00.5' FROM generate_series(0, 400) n) s (t)) r`,
      );
      await runPostgres(
        source!,
        "ALTER TABLE visits ALTER word TYPE text USING NULL; ALTER TABLE visits ADD at timestamptz; UPDATE visits SET at = own",
      );
      const tables: TablesPolicy = {
        visits: {
          id: keep(),
          month: generalizeDate({ to: "month" }),
          moved: shiftDates({ days: 30, by: "at" }),
          word: tokenize(),
          own: generalizeDate({ to: "day" }),
          at: keep(),
        },
      };
      const rows = () =>
        runPostgres(target!, "SELECT id, month::text, moved::text, word, own::text, at::text FROM visits ORDER BY id");
      await refresh({ source, target, tables }, { key: TEST_KEY });
      const expected = await rows();
      const empty = "DROP SCHEMA public CASCADE; CREATE SCHEMA public";
      for (const form of ["--encoding=UTF8", "--inserts"]) {
        execFileSync("pg_dump", ["-d", source!, form, "-f", at("dump.sql")], { env: { ...process.env, PGTZ: "Asia/Kathmandu" } });
        await runPostgres(target!, empty);
        await refresh({ source: at("dump.sql"), target, tables }, { key: TEST_KEY });
        expect(await rows()).toEqual(expected);
        const written: Buffer[] = [];
        const write = async (bytes: Buffer) => void written.push(Buffer.from(bytes));
        const key = await resolveMaskingKey(TEST_KEY, {}, undefined);
        const way = {
          format: postgresDump,
          input: createReadStream(at("dump.sql")),
          output: { write, writeLast: write },
          schema: null,
        };
        const policy = definePolicy({ source: "postgres://x/a", target: "postgres://x/b", tables });
        await pipeDump(way, policy, { key, signal: new AbortController().signal, onProgress: () => {}, lock: null });
        const masked = Buffer.concat(written).toString();
        expect(masked).toContain("+05:45");
        await runPostgres(target!, empty);
        execFileSync("psql", ["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", target!], {
          input: masked,
          stdio: ["pipe", "ignore", "inherit"],
        });
        expect(await rows()).toEqual(expected);
      }
    }));
});
