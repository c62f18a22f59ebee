import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { spawnProgram } from "../cli/spawned-command.ts";
import { stagePackage } from "../cli/staged-package.ts";
import { blockWith } from "../docs/readme-blocks.ts";
import { describeWhere } from "../servers/describe-where.ts";
import { mysqlUrl, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { describeWithPostgres, postgresUrl, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";
import { exampleCommand, JITI, startExample } from "./example-commands.ts";

const staged = await stagePackage();
const EXAMPLES = join(import.meta.dirname, "..", "..", "examples");
const sql = (name: string) => readFileSync(join(EXAMPLES, "data-refresh", name), "utf8");

it("has a section with a command for each folder", () => {
  const folders = readdirSync(EXAMPLES, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  for (const { name } of folders) expect(exampleCommand(name)).toContain(`examples/${name}/`);
});

describe("objects-in-memory", () => {
  it("masks equal objects equally and prints no original", async () => {
    const { code, stdout, stderr } = await startExample("objects-in-memory", staged).finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [jane, omar, again] = stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(again).toMatchObject({ id: jane.id, email: jane.email, name: jane.name, visits: 13 });
    expect(omar).toMatchObject({ note: null, visits: 3 });
    expect(omar.email).not.toBe(jane.email);
    expect(stdout).not.toMatch(/Jane|Omar|acme|called/);
  });
});

describe("csv-exports", () => {
  it("masks a folder, joins intact, and gives the same rows through the pipe", async () => {
    const { code, stdout } = await startExample("csv-exports", staged).finished;
    expect(code).toBe(0);
    const masked = (name: string) => readFileSync(join(staged.folder, "examples", "csv-exports", "masked", name), "utf8");
    expect(stdout.endsWith(masked("orders.csv"))).toBe(true);
    const emails = (text: string) => text.match(/[\w.+-]+@[\w.]+/g)!;
    for (const email of emails(masked("orders.csv"))) expect(emails(masked("customers.csv"))).toContain(email);
    for (const name of ["customers.csv", "orders.csv"]) {
      const original = readFileSync(join(EXAMPLES, "csv-exports", "exports", name), "utf8");
      for (const email of emails(original)) expect(masked(name)).not.toContain(email);
    }
  });
});

describe("subset", () => {
  it("copies a part of a folder without a dangling reference, and its plan is what the guide shows", async () => {
    const { code, stdout, stderr } = await startExample("subset", staged).finished;
    expect({ code, stderr: stderr.match(/✗.*/g) }).toEqual({ code: 0, stderr: null });
    expect(stdout).toContain("Nothing was found in the copy");
    const policy = "examples/subset/standin.policy.yaml";
    const planned = spawnProgram(process.execPath, [staged.command, "plan", "--policy", policy], {
      cwd: staged.folder,
      env: { STANDIN_KEY: TEST_KEY },
    });
    expect((await planned.finished).stdout).toContain(blockWith("docs/guides/subset.md", "text", "subset  keys"));
  });
});

describe("object-store", () => {
  it("masks objects from one place of a store to another, joins intact, and completes every upload", async () => {
    const { code, stdout, stderr } = await startExample("object-store", staged).finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const [, ...lines] = stdout.split("\n").filter((line) => line.startsWith("{") || line.endsWith(" rows"));
    const [jane, omar, order] = lines.map((line) => JSON.parse(line));
    expect(order).toMatchObject({ customer: jane.id, total: 12.5, ship_to: { zip: "*****" } });
    expect(Object.keys(omar)).toEqual(["id", "email"]);
    expect(stdout).not.toMatch(/jane|acme|omar|Doe|53111/i);
  });
});

describe("plug-in", () => {
  const shown = (file: string) => readFileSync(join(EXAMPLES, "plug-in", file), "utf8");

  it("is what the page about plug-ins shows", () => {
    expect(`// masks.ts\n${shown("masks.ts")}`).toBe(blockWith("docs/plug-ins.md", "ts", "// masks.ts"));
    expect(`// masks.test.ts\n${shown("exam.ts")}`).toBe(blockWith("docs/plug-ins.md", "ts", "// masks.test.ts"));
    const tables = (text: string) => text.slice(text.indexOf("tables:"));
    expect(tables(shown("standin.policy.yaml"))).toBe(tables(blockWith("docs/plug-ins.md", "yaml", "plugins:")));
  });

  it("masks by transforms of its own, which pass the exam", async () => {
    const { code, stderr } = await startExample("plug-in", staged).finished;
    expect(code, stderr).toBe(0);
    const rows = readFileSync(join(staged.folder, "examples", "plug-in", "masked", "players.csv"), "utf8")
      .trimEnd()
      .split("\n");
    expect(rows[1]).toMatch(/^1,40,[A-Z]+-\d+,[a-z]+-\d+$/);
    expect(rows[2]).toMatch(/^2,15,[A-Z]+-\d+,\*\*$/);
    expect(rows[3]).toBe(`3,,${rows[1]!.split(",")[2]},${rows[3]!.split(",")[3]}`);
    expect(rows[4]).toMatch(/^4,90,,[a-z]+-\d+$/);
    const exam = spawnProgram(process.execPath, [JITI, "examples/plug-in/exam.ts"], { cwd: staged.folder, env: {} });
    expect(await exam.finished).toMatchObject({ code: 0, stderr: "" });
  });
});

describe("spark-pipe", () => {
  it("masks each partition by a process, alike and in order", async () => {
    const { code, stdout, stderr } = await startExample("spark-pipe", staged).finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const rows = stdout
      .trimEnd()
      .split("\n")
      .map((line) => line.split(","));
    expect(rows.map(([id]) => id)).toEqual(["1", "2", "3", "4", "5", "6"]);
    expect(rows[2]![1]).toBe(rows[0]![1]);
    expect(rows[3]![1]).toBe("");
    expect(stdout).not.toContain("acme");
  });
});

const hasBoth = postgresUrl !== null && mysqlUrl !== null;
describeWhere(hasBoth, "No PostgreSQL and MariaDB to test against", "start both", "several-databases", () => {
  const read = (name: string) => readFileSync(join(EXAMPLES, "several-databases", name), "utf8");

  it("copies three systems together, and their joins hold", () =>
    withDatabases(["standin_example_shop", "standin_example_shop_staging"], (SHOP_URL, SHOP_STAGING_URL) =>
      withMysqlDatabases(
        ["standin_example_billing", "standin_example_billing_staging"],
        async (BILLING_URL, BILLING_STAGING_URL) => {
          const [shop, staging] = [new pg.Client(SHOP_URL), new pg.Client(SHOP_STAGING_URL)];
          for (const client of [shop, staging]) await client.connect();
          try {
            await shop.query(read("shop.sql"));
            await runMysql(BILLING_URL!, read("billing.sql"));
            const env = { SHOP_URL, SHOP_STAGING_URL, BILLING_URL, BILLING_STAGING_URL } as Record<string, string>;
            const { code, stdout, stderr } = await startExample("several-databases", staged, env).finished;
            expect(code, stderr).toBe(0);
            expect(stdout).toContain("10 rows of 4 tables");
            const { rows } = await staging.query<{ id: number; email: string }>("SELECT id, email FROM customers");
            const emails = new Map(rows.map(({ id, email }) => [id, email]));
            const invoices = await runMysql(BILLING_STAGING_URL!, "SELECT customer_id, payer_email FROM invoices");
            expect(invoices).toHaveLength(2);
            for (const { customer_id, payer_email } of invoices) expect(emails.get(customer_id as number)).toBe(payer_email);
            const masked = join(staged.folder, "examples", "several-databases", "masked", "subscribers.csv");
            const subscribers = readFileSync(masked, "utf8").trimEnd().split("\n").slice(1);
            expect(subscribers).toHaveLength(2);
            for (const line of subscribers) expect([...emails.values()]).toContain(line.split(",")[0]);
          } finally {
            for (const client of [shop, staging]) await client.end();
          }
        },
      ),
    ));
});

describeWithPostgres("examples on PostgreSQL", () => {
  async function withShop(use: (shop: Shop) => Promise<void>, { isTargetEmpty = false } = {}): Promise<void> {
    await withDatabases(["standin_example_prod", "standin_example_staging"], async (PROD_URL, STAGING_URL) => {
      const [prod, staging] = [new pg.Client(PROD_URL), new pg.Client(STAGING_URL)];
      for (const client of [prod, staging]) await client.connect();
      await prod.query(sql("shop.sql") + sql("rows.sql"));
      if (!isTargetEmpty) await staging.query(sql("shop.sql"));
      try {
        await use({ env: { PROD_URL, STAGING_URL }, prod, staging });
      } finally {
        for (const client of [prod, staging]) await client.end();
      }
    });
  }
  interface Shop {
    readonly env: Record<string, string>;
    readonly prod: pg.Client;
    readonly staging: pg.Client;
  }
  const SHOP = "SELECT o.total, c.email, c.name, c.notes FROM orders o JOIN customers c ON c.id = o.customer_id ORDER BY o.id";

  async function expectMasked({ prod, staging }: Shop): Promise<void> {
    const [before, after] = [(await prod.query(SHOP)).rows, (await staging.query(SHOP)).rows];
    expect(after.map(({ total }) => total)).toEqual(before.map(({ total }) => total));
    expect(after).toHaveLength(3);
    for (const [index, row] of after.entries()) {
      for (const column of ["email", "name", "notes"]) expect(row[column]).not.toBe(before[index][column]);
    }
  }

  it("data-refresh fills staging and tells its exit code", async () => {
    await withShop(async (shop) => {
      const { code, stdout } = await startExample("data-refresh", staged, shop.env).finished;
      expect(code).toBe(0);
      expect(stdout).toMatch(/customers: 3 rows\norders: 3 rows\nCopied 6 rows with key [0-9a-f]{8}\./);
      await expectMasked(shop);
    });
    const refused = await startExample("data-refresh", staged, { PROD_URL: "postgres://127.0.0.1:1/x", STAGING_URL: "y" })
      .finished;
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining("SOURCE_UNREACHABLE: ") });
  });

  it("knex-migrations makes the tables by migrations and fills them, also a second time", async () => {
    await withShop(
      async (shop) => {
        for (const applied of [1, 0]) {
          const { code, stdout, stderr } = await startExample("knex-migrations", staged, shop.env).finished;
          expect(code, stderr).toBe(0);
          expect(stdout).toBe(`Migrations applied: ${applied}\nRows copied: 6\n`);
          await expectMasked(shop);
        }
        expect((await shop.staging.query("SELECT count(*)::int AS count FROM knex_migrations")).rows).toEqual([{ count: 1 }]);
      },
      { isTargetEmpty: true },
    );
  });

  it("bullmq and kubernetes-indexed-job fill staging by several processes, each by its own way", {
    timeout: 120_000,
  }, async () => {
    await withShop(async (shop) => {
      const byParts = await startExample("kubernetes-indexed-job", staged, shop.env).finished;
      expect(byParts.code, byParts.stderr).toBe(0);
      await expectMasked(shop);
      await shop.staging.query("TRUNCATE customers CASCADE");
      const byQueue = await startExample("bullmq", staged, { ...shop.env, STANDIN_QUEUE: shop.env.STAGING_URL! }).finished;
      expect(byQueue.code, byQueue.stderr).toBe(0);
      expect(byQueue.stdout).toContain("6 rows published");
      await expectMasked(shop);
    });
  });

  it("http-service starts a refresh, streams its progress, and cancels another", async () => {
    await withShop(async (shop) => {
      const running = startExample("http-service", staged, { ...shop.env, PORT: "0" });
      try {
        await running.seen(/listening on \S+/);
        const root = /listening on (\S+)/.exec(running.printed())![1]!;
        const start = async () => ((await (await fetch(`${root}/refreshes`, { method: "POST" })).json()) as { id: string }).id;
        const first = await start();
        const told = await eventsOf(`${root}/refreshes/${first}/events`);
        expect(told.map(({ type }) => type)).toEqual(
          expect.arrayContaining(["planned", "table-started", "table-finished", "finished"]),
        );
        await expectMasked(shop);
        // A reader that comes when all is over is told the same.
        expect((await eventsOf(`${root}/refreshes/${first}/events`)).at(-1)).toMatchObject({ type: "finished", rows: 6 });

        await shop.prod.query(
          "INSERT INTO customers (email, name) SELECT i || '@acme.com', 'Name ' || i FROM generate_series(1, 400000) i",
        );
        const second = await start();
        const events = eventsOf(`${root}/refreshes/${second}/events`, async ({ type }) => {
          if (type === "rows") await fetch(`${root}/refreshes/${second}`, { method: "DELETE" });
        });
        expect((await events).at(-1)).toMatchObject({ type: "failed", code: "ABORTED" });
        await expectMasked(shop);
        expect((await fetch(`${root}/refreshes/none`, { method: "DELETE" })).status).toBe(404);
      } finally {
        running.process.kill();
        await running.finished;
      }
    });
  });
});

type Told = { readonly type: string; readonly [name: string]: unknown };

/** Reads server-sent events to their end. */
async function eventsOf(url: string, onEvent: (event: Told) => Promise<void> = async () => {}): Promise<Told[]> {
  const events: Told[] = [];
  let rest = "";
  const response = await fetch(url);
  for await (const text of response.body!.pipeThrough(new TextDecoderStream())) {
    const parts = (rest + text).split("\n\n");
    rest = parts.pop()!;
    for (const part of parts) {
      events.push(JSON.parse(part.replace(/^data: /, "")));
      await onEvent(events.at(-1)!);
    }
  }
  return events;
}
