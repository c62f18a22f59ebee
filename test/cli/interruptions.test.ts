import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";
import { type Finished, jsonLines, type SpawnedCommand, spawnNode } from "./spawned-command.ts";
import { stagePackage } from "./staged-package.ts";

const { command } = await stagePackage();

/** Enough that the middle is the middle: a run of more than a second here. */
const ROWS = 400_000;
/** Far above what a run needs to notice, put back and end; far below a time-out of anything. */
const LIMIT = 15_000;
/** In cells that are masked and cells that are kept, in every row. */
const CANARY = "canary";

const POLICY = `
  import { custom, keep, tokenize } from "standin";
  const explode = custom((value) => {
    if (process.env.EXPLODES && value.endsWith("-${ROWS}")) throw new Error("cannot handle " + value);
    return "masked";
  });
  export default {
    source: process.env.FROM, target: process.env.TO,
    tables: { first: { id: keep() }, users: { id: keep(), email: tokenize(), name: keep(), note: explode } },
  };`;

async function inFolder(use: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "standin-interrupted-"));
  try {
    writeFileSync(join(folder, "standin.policy.ts"), POLICY);
    await use(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function expectFailure(finished: Finished, code: number, error: object, isJson: boolean): void {
  const { stdout, stderr } = finished;
  expect(finished.code, stderr).toBe(code);
  expect(finished.milliseconds).toBeLessThan(LIMIT);
  expect(`${stdout}${stderr}`).not.toContain(CANARY);
  if (isJson) {
    const lines = jsonLines(stdout);
    expect(lines.at(-1)).toMatchObject({ type: "error", phase: "during", ...error });
    expect(lines.filter(({ type }) => type === "error")).toHaveLength(1);
    expect(stderr).toBe("");
  } else {
    expect(stderr.match(/✗/g)).toHaveLength(1);
    expect(stdout).toBe("");
  }
}

/** Waits until rows of the large table are on their way, and a little longer: then the middle is the middle. */
async function underWay(running: SpawnedCommand, form: keyof typeof UNDER_WAY): Promise<void> {
  await running.seen(UNDER_WAY[form]);
  await new Promise((resolve) => setTimeout(resolve, 200));
}

/** With JSON the first batch of the large table is told; without, the end of the small one, after which the large one is under way. */
const UNDER_WAY = { json: /"type":"rows","table":"users"/, plain: /^first .* rows/m };

const FORMS = [
  { form: "plain", isJson: false, flags: [] as string[] },
  { form: "json", isJson: true, flags: ["--json"] },
] as const;

describeWithPostgres("standin run, interrupted on PostgreSQL", () => {
  async function withShop(use: (ends: { from: string; to: string; admin: pg.Client; target: pg.Client }) => Promise<void>) {
    await withDatabases(["standin_interrupted_source", "standin_interrupted_target"], async (from, to) => {
      const [source, target] = [new pg.Client(from), new pg.Client(to)];
      for (const client of [source, target]) {
        await client.connect();
        await client.query(`CREATE TABLE first (id int PRIMARY KEY);
          CREATE TABLE users (id int PRIMARY KEY, email text NOT NULL UNIQUE, name text, note text)`);
      }
      await source.query(`INSERT INTO first VALUES (1);
        INSERT INTO users SELECT i, '${CANARY}-' || i || '@acme.com', '${CANARY} ' || i, '${CANARY}-' || i FROM generate_series(1, ${ROWS}) i;
        ANALYZE`);
      await target.query("INSERT INTO users SELECT i, 'as it was ' || i, NULL, NULL FROM generate_series(1, 100) i");
      const before = await contentOf(target);
      try {
        await use({ from, to, admin: source, target });
        expect(await contentOf(target)).toEqual(before);
        // Nothing is left behind on either server: no session that goes on, no lock.
        await expect.poll(() => sessions(source), { timeout: 10_000 }).toBe(0);
      } finally {
        for (const client of [source, target]) await client.end();
      }
    });
  }

  const contentOf = async (client: pg.Client) => [
    (await client.query("SELECT xmin, * FROM users ORDER BY id")).rows,
    (await client.query("SELECT count(*) FROM first")).rows,
    (await client.query("SELECT conname, convalidated FROM pg_constraint ORDER BY 1")).rows,
  ];
  const STANDINS = "application_name = 'standin' AND datname LIKE 'standin_interrupted_%' AND datname = $1";
  const sessions = async (admin: pg.Client) => {
    const sql = `SELECT count(*)::int AS count FROM pg_stat_activity WHERE ${STANDINS.replace("= $1", "= current_database()")}`;
    return (await admin.query(sql)).rows[0].count as number;
  };
  const terminate = async (admin: pg.Client, url: string) => {
    const sql = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE ${STANDINS}`;
    const { rowCount } = await admin.query(sql, [new URL(url).pathname.slice(1)]);
    expect(rowCount).toBe(1);
  };
  const start = (folder: string, from: string, to: string, flags: readonly string[], env: Record<string, string> = {}) =>
    spawnNode([command, "run", ...flags], {
      cwd: folder,
      env: { STANDIN_KEY: TEST_KEY, FROM: from, TO: to, ...env },
      limitMilliseconds: LIMIT,
    });

  describe.each(FORMS)("told in $form lines", ({ form, isJson, flags }) => {
    it.each(["source", "target"] as const)("exits 2 when the %s's server ends the session, target as it was", async (side) => {
      await inFolder((folder) =>
        withShop(async ({ from, to, admin }) => {
          const running = start(folder, from, to, flags);
          await underWay(running, form);
          await terminate(admin, side === "source" ? from : to);
          const finished = await running.finished;
          expectFailure(finished, 2, { code: "CONNECTION_LOST" }, isJson);
          expect(`${finished.stdout}${finished.stderr}`).toContain(`The connection to the ${side} at `);
        }),
      );
    });

    it("exits 2 when a transform throws on the last row, target as it was", async () => {
      await inFolder((folder) =>
        withShop(async ({ from, to }) => {
          const finished = await start(folder, from, to, flags, { EXPLODES: "yes" }).finished;
          expectFailure(finished, 2, { code: "TRANSFORM_FAILED", table: "users", column: "note", row: ROWS }, isJson);
        }),
      );
    });

    it("exits 2 when the target's server refuses the last row, target as it was", async () => {
      await inFolder((folder) =>
        withShop(async ({ from, to, target }) => {
          await target.query(`ALTER TABLE users ADD CONSTRAINT no_last_name CHECK (name <> '${CANARY} ${ROWS}')`);
          const finished = await start(folder, from, to, flags).finished;
          expectFailure(finished, 2, { code: "SINK_REJECTED", table: "users" }, isJson);
          expect(`${finished.stdout}${finished.stderr}`).toContain("no_last_name");
          await target.query("ALTER TABLE users DROP CONSTRAINT no_last_name");
        }),
      );
    });

    it.each([
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const)("puts the target back on %s and exits %i", async (signal, code) => {
      await inFolder((folder) =>
        withShop(async ({ from, to }) => {
          const running = start(folder, from, to, flags);
          await underWay(running, form);
          running.process.kill(signal);
          expectFailure(await running.finished, code, { code: "ABORTED" }, isJson);
        }),
      );
    });
  });

  it("ends at once on a second SIGINT, and the server puts the target back", async () => {
    await inFolder((folder) =>
      withShop(async ({ from, to }) => {
        const running = start(folder, from, to, []);
        await underWay(running, "plain");
        running.process.kill("SIGINT");
        running.process.kill("SIGINT");
        expect((await running.finished).code).toBe(130);
      }),
    );
  });
});

describe("standin run, interrupted on CSV", () => {
  async function withFiles(use: (ends: { folder: string; target: string }) => Promise<void>): Promise<void> {
    await inFolder(async (folder) => {
      const [source, target] = [join(folder, "in"), join(folder, "out")];
      for (const place of [source, target]) mkdirSync(place);
      writeFileSync(join(source, "first.csv"), "id\n1\n");
      const rows = Array.from({ length: ROWS }, (_, row) => {
        const id = row + 1;
        return `${id},${CANARY}-${id}@acme.com,${CANARY} ${id},${CANARY}-${id}`;
      });
      writeFileSync(join(source, "users.csv"), `id,email,name,note\n${rows.join("\n")}\n`);
      writeFileSync(join(target, "users.csv"), "as it was");
      await use({ folder, target });
      expect(readdirSync(target)).toEqual(["users.csv"]);
      expect(readFileSync(join(target, "users.csv"), "utf8")).toBe("as it was");
    });
  }
  const start = (folder: string, flags: readonly string[], env: Record<string, string> = {}) =>
    spawnNode([command, "run", ...flags], {
      cwd: folder,
      env: { STANDIN_KEY: TEST_KEY, FROM: "in", TO: "out", ...env },
      limitMilliseconds: LIMIT,
    });

  it.each(FORMS)("exits 2 when a transform throws on the last row, target as it was ($form)", async ({ flags, isJson }) => {
    await withFiles(async ({ folder }) => {
      const finished = await start(folder, flags, { EXPLODES: "yes" }).finished;
      expectFailure(finished, 2, { code: "TRANSFORM_FAILED", table: "users", column: "note", row: ROWS }, isJson);
    });
  });

  it.each(FORMS)("exits 2 when the last row is malformed, target as it was ($form)", async ({ flags, isJson }) => {
    await withFiles(async ({ folder }) => {
      writeFileSync(join(folder, "in", "users.csv"), `401,${CANARY},"${CANARY} with no end\n`, { flag: "a" });
      expectFailure(await start(folder, flags).finished, 2, { code: "FORMAT_INVALID" }, isJson);
    });
  });

  it.each(FORMS)("takes its files away on SIGINT and exits 130 ($form)", async ({ form, flags, isJson }) => {
    await withFiles(async ({ folder }) => {
      const running = start(folder, flags);
      await underWay(running, form);
      running.process.kill("SIGINT");
      expectFailure(await running.finished, 130, { code: "ABORTED" }, isJson);
    });
  });
});
