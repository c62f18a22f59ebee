import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import { expect, it } from "vitest";
import { generateMaskingKey } from "../../src/keys/masking-key.ts";
import { IS_THOROUGH } from "../faults/seeds.ts";
import { describeWithMysql, runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";
import { jsonLines, spawnNode } from "./spawned-command.ts";
import { stagePackage } from "./staged-package.ts";

const { command } = await stagePackage();

/** Milliseconds, generously. */
const STARTED_AT_REST = 300;

interface Shop {
  readonly source: string;
  readonly folder: string;
  sql(statement: string): Promise<unknown>;
  standin(parameters: readonly string[], key?: string): ReturnType<typeof spawnNode>["finished"];
  writePolicy(tables: object): void;
}

const RULES = {
  users: { id: "keep", email: { fake: "internet.email" }, nick: "redact" },
  orders: { id: "keep", status: "keep" },
};

const SYSTEMS = [
  {
    name: "PostgreSQL",
    describe: describeWithPostgres,
    statements: [
      "CREATE TABLE users (id int PRIMARY KEY, email varchar(60), nick varchar(60))",
      "CREATE TYPE order_status AS ENUM ('new', 'paid')",
      "CREATE TABLE orders (id int PRIMARY KEY, user_id int REFERENCES users, status order_status)",
      "INSERT INTO users VALUES (1, 'canary@acme.com', 'canary')",
    ],
    rename: "ALTER TABLE users RENAME COLUMN nick TO alias",
    retype: "ALTER TABLE users ALTER COLUMN nick TYPE varchar(80)",
    retyped: "users.nick was character varying(60) and is character varying(80).",
    label: "ALTER TYPE order_status ADD VALUE 'refunded'",
    async withSource(use: (url: string, sql: (statement: string) => Promise<unknown>) => Promise<void>) {
      await withDatabases(["standin_check"], async (url) => {
        const client = new pg.Client(url);
        await client.connect();
        try {
          await use(url, (statement) => client.query(statement));
        } finally {
          await client.end();
        }
      });
    },
  },
  {
    name: "MariaDB",
    describe: describeWithMysql,
    statements: [
      "CREATE TABLE users (id int PRIMARY KEY, email varchar(60), nick varchar(60))",
      `CREATE TABLE orders (id int PRIMARY KEY, user_id int, status enum('new', 'paid'), FOREIGN KEY (user_id) REFERENCES users (id))`,
      "INSERT INTO users VALUES (1, 'canary@acme.com', 'canary')",
    ],
    rename: "ALTER TABLE users CHANGE nick alias varchar(60)",
    retype: "ALTER TABLE users MODIFY nick varchar(80)",
    retyped: "users.nick was varchar(60) and is varchar(80).",
    label: "ALTER TABLE orders MODIFY status enum('new', 'paid', 'refunded')",
    async withSource(use: (url: string, sql: (statement: string) => Promise<unknown>) => Promise<void>) {
      await withMysqlDatabases(["standin_check"], (url) => use(url, (statement) => runMysql(url, statement)));
    },
  },
] as const;

type System = (typeof SYSTEMS)[number];

/** A shop with a policy and a lock that was written a moment ago. */
async function withLockedShop(system: System, use: (shop: Shop) => Promise<void>): Promise<void> {
  await system.withSource(async (source, sql) => {
    const folder = mkdtempSync(join(tmpdir(), "standin-check-"));
    try {
      for (const statement of system.statements) await sql(statement);
      const writePolicy = (tables: object) =>
        writeFileSync(join(folder, "standin.policy.json"), JSON.stringify({ source, target: join(folder, "out"), tables }));
      const standin = (parameters: readonly string[], key = TEST_KEY) =>
        spawnNode([command, ...parameters], { cwd: folder, env: { STANDIN_KEY: key } }).finished;
      writePolicy(RULES);
      expect(await standin(["check", "--write"])).toMatchObject({ code: 0, stderr: "" });
      await use({ source, folder, sql, standin, writePolicy });
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

interface Change {
  readonly what: string;
  readonly makes: (shop: Shop, system: System) => unknown;
  readonly key?: string;
  /** @default true */
  readonly isOfServer?: false;
  /** The kind of each difference, in order. */
  readonly changes: readonly string[];
  readonly says: (system: System) => string | RegExp;
  /** A line of the patch. */
  readonly patch?: string;
}

const CHANGES: readonly Change[] = [
  {
    what: "a column was added",
    makes: ({ sql }) => sql("ALTER TABLE users ADD phone varchar(20)"),
    changes: ["column-added"],
    says: () => /users\.phone \(.*varying\(20\)|users\.phone \(varchar\(20\)\) is new in the source/,
    patch: '  "phone": "keep",',
  },
  {
    what: "a column was dropped",
    makes: ({ sql }) => sql("ALTER TABLE users DROP COLUMN nick"),
    changes: ["column-dropped"],
    says: () => "users.nick is gone from the source.",
  },
  {
    what: "a column was renamed",
    makes: ({ sql }, { rename }) => sql(rename),
    changes: ["column-renamed"],
    says: () => "users.nick is gone and users.alias is new, of the same type in the same place",
    patch: '  "alias": "redact",',
  },
  {
    what: "a column was retyped",
    makes: ({ sql }, { retype }) => sql(retype),
    changes: ["column-retyped"],
    says: ({ retyped }) => retyped,
  },
  {
    what: "a table was added",
    makes: ({ sql }) => sql("CREATE TABLE invoices (id int PRIMARY KEY)"),
    changes: ["table-added"],
    says: () => "Table invoices is new in the source.",
    patch: '"invoices": "skip",',
  },
  {
    what: "a table was dropped",
    makes: ({ sql }) => sql("DROP TABLE orders"),
    changes: ["table-dropped"],
    says: () => "Table orders is gone from the source.",
  },
  {
    what: "an enum got a label",
    makes: ({ sql }, { label }) => sql(label),
    changes: ["labels-changed"],
    says: () => 'orders.status (an enum) has the new label "refunded".',
  },
  {
    what: "a CHECK was added",
    makes: ({ sql }) => sql("ALTER TABLE users ADD CONSTRAINT nick_is_no_bird CHECK (nick <> 'canary bird')"),
    changes: ["check-changed"],
    says: () => "users has the new CHECK nick_is_no_bird (of nick).",
  },
  {
    what: "a rule changed",
    isOfServer: false,
    makes: ({ writePolicy }) => writePolicy({ ...RULES, users: { ...RULES.users, nick: { redact: { keepFirst: 1 } } } }),
    changes: ["rule-changed"],
    says: () => "users.nick has another rule: of redact, keepFirst was 0 and is 1.",
  },
  {
    what: "the key is another one",
    isOfServer: false,
    makes: () => {},
    key: generateMaskingKey(),
    changes: ["key-changed"],
    says: () => /The key is another one: its fingerprint was [0-9a-f]{8} and is [0-9a-f]{8}\./,
  },
  {
    what: "faker was upgraded",
    isOfServer: false,
    makes: ({ folder }) => {
      const file = join(folder, "standin.lock.json");
      writeFileSync(file, readFileSync(file, "utf8").replace(/"faker": "[^"]*"/, '"faker": "9.9.9"'));
    },
    changes: ["faker-changed"],
    says: () => /faker was 9\.9\.9 and is \d+\.\d+\.\d+:/,
  },
];

for (const system of SYSTEMS)
  system.describe(`standin check on ${system.name}`, () => {
    it("exits 0 where nothing changed, with and without the key, and a run is not hindered", async () => {
      await withLockedShop(system, async ({ standin }) => {
        const same = await standin(["check"]);
        expect(same).toMatchObject({
          code: 0,
          stderr: "",
          stdout: expect.stringContaining("Nothing changed: 2 tables, 6 columns"),
        });
        expect(await standin(["check"], "")).toMatchObject({ code: 0, stdout: expect.stringContaining("no key is set") });
        expect((await standin(["run"])).stdout).toContain("1 row of 2 tables");
      });
    });

    // What is no server's business is shown on one.
    const changes = CHANGES.filter(({ isOfServer = true }) => isOfServer || system === SYSTEMS[0]);
    it.each(changes)("exits 3 where $what, names that and nothing else, and a run is refused", async (change) => {
      await withLockedShop(system, async (shop) => {
        await change.makes(shop, system);
        const { key = TEST_KEY } = change;
        const machine = await shop.standin(["check", "--json"], key);
        expect(machine).toMatchObject({ code: 3, stderr: "" });
        const [check] = jsonLines(machine.stdout) as unknown as [
          { ok: boolean; differences: { change: string; message: string }[] },
        ];
        expect(check).toMatchObject({ type: "check", ok: false, locked: true });
        expect(check.differences.map(({ change }) => change)).toEqual(change.changes);
        const says = change.says(system);
        expect(check.differences[0]!.message).toEqual(expect.stringMatching(typeof says === "string" ? literally(says) : says));
        expect(machine.stdout).not.toContain("canary");
        // How it is printed, and that a run is refused, does not depend on the server.
        if (system !== SYSTEMS[0]) return;
        const told = await shop.standin(["check"], key);
        expect(told).toMatchObject({ code: 3, stderr: "" });
        expect(told.stdout).toContain(check.differences[0]!.message);
        if (change.patch !== undefined) expect(told.stdout).toContain(`      ${change.patch}\n`);
        const run = await shop.standin(["run"], key);
        expect(run).toMatchObject({ code: 1, stdout: "" });
        expect(run.stderr).toContain("[LOCK_MISMATCH]");
        expect(run.stderr).toContain(check.differences[0]!.message);
        for (const text of [told.stdout, run.stderr]) expect(text).not.toContain("canary");
      });
    });

    it("accepts what changed by --write, but not a plan that would be refused", async () => {
      await withLockedShop(system, async ({ sql, standin, writePolicy, folder }) => {
        const before = readFileSync(join(folder, "standin.lock.json"), "utf8");
        await sql("ALTER TABLE users ADD phone varchar(20)");
        expect(await standin(["check", "--write"])).toMatchObject({ code: 3, stdout: expect.stringContaining("Not written") });
        expect(readFileSync(join(folder, "standin.lock.json"), "utf8")).toBe(before);
        writePolicy({ ...RULES, users: { ...RULES.users, phone: "redact" } });
        expect(await standin(["check", "--write"])).toMatchObject({
          code: 0,
          stdout: expect.stringContaining("Wrote standin.lock.json"),
        });
        const after = readFileSync(join(folder, "standin.lock.json"), "utf8").split("\n");
        // The new column, the comma before it is another line's, and the schema's checksum.
        expect(after.filter((line) => !before.split("\n").includes(line)).length).toBeLessThan(4);
        expect(await standin(["check"])).toMatchObject({ code: 0 });
        expect(await standin(["check", "--write"], "")).toMatchObject({ code: 0 });
        expect(await standin(["check"], generateMaskingKey())).toMatchObject({ code: 3 });
      });
    });

    it("asks for a lock where there is none, and counts warnings where it is told to", async () => {
      await withLockedShop(system, async ({ standin, folder, sql }) => {
        rmSync(join(folder, "standin.lock.json"));
        expect(await standin(["check"])).toMatchObject({ code: 3, stdout: expect.stringContaining("standin check --write") });
        await sql("CREATE TABLE logs (id int)");
        expect(await standin(["check", "--write"])).toMatchObject({ code: 0 });
        expect(await standin(["check"])).toMatchObject({ code: 0 });
        expect(await standin(["check", "--warnings-as-errors"])).toMatchObject({ code: 3 });
        writeFileSync(join(folder, "standin.lock.json"), "{}");
        for (const name of ["check", "run"]) expect((await standin([name])).stderr).toContain("[LOCK_INVALID]");
        expect(await standin(["run", "--lock", "other.json"])).toMatchObject({
          code: 1,
          stderr: expect.stringContaining("LOCK_MISSING"),
        });
      });
    });

    it("looks at the source alone where the target's variable is not set, and comes to the same lock", async () => {
      await withLockedShop(system, async ({ folder, source, standin }) => {
        const lock = readFileSync(join(folder, "standin.lock.json"), "utf8");
        const tables = JSON.stringify({ source, target: `\${STANDIN_TEST_UNSET}`, tables: RULES });
        writeFileSync(join(folder, "elsewhere.json"), tables);
        const elsewhere = ["--policy", "elsewhere.json", "--lock", "standin.lock.json"];
        const { code, stdout, stderr } = await standin(["check", ...elsewhere]);
        expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
        expect(stdout).toContain("the policy's target is not set, so only the source was looked at");
        await standin(["check", "--write", ...elsewhere]);
        expect(readFileSync(join(folder, "standin.lock.json"), "utf8")).toBe(lock);
        expect(await standin(["run", ...elsewhere])).toMatchObject({
          code: 1,
          stderr: expect.stringContaining("STANDIN_TEST_UNSET"),
        });
      });
    });

    it("explains a column, on a made-up value", async () => {
      await withLockedShop(system, async ({ standin }) => {
        const { code, stdout } = await standin(["explain", "orders.user_id"], "");
        expect(code).toBe(0);
        expect(stdout).toMatch(/orders\.user_id references users\.id \(.*\), and takes its rule/);
        const [explained] = jsonLines((await standin(["explain", "users.email", "--json"])).stdout);
        expect(explained).toMatchObject({
          type: "explanation",
          transform: "fake",
          example: { value: "jane.doe@acme.example", masked: expect.stringContaining("@example.") },
        });
        expect(await standin(["explain", "users.emial"])).toMatchObject({
          code: 1,
          stderr: expect.stringContaining("users.email?"),
        });
      });
    });

    it("writes the source's types beside the policy, which imports them", async () => {
      await withLockedShop(system, async ({ standin, folder, source }) => {
        expect(await standin(["types"])).toMatchObject({ code: 0, stdout: expect.stringContaining("standin.types.d.ts") });
        expect(readFileSync(join(folder, "standin.types.d.ts"), "utf8")).toContain('readonly status: "enum";');
        const typed = `import { definePolicy, keep } from "standin";
          import type { Schema } from "./standin.types.d.ts";
          export default definePolicy<Schema>({ source: ${JSON.stringify(source)}, target: "out", tables: { users: { "*": keep() }, orders: { "*": keep() } } });`;
        writeFileSync(join(folder, "typed.policy.ts"), typed);
        expect(await standin(["plan", "--policy", "typed.policy.ts"])).toMatchObject({ code: 0, stderr: "" });
      });
    });
  });

function literally(text: string): RegExp {
  return new RegExp(text.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&"));
}

describeWithPostgres("standin check on a PostgreSQL of a thousand tables", () => {
  it.runIf(IS_THOROUGH)(
    "takes less than two seconds where nothing changed",
    async () => {
      await withDatabases(["standin_check_many"], async (source) => {
        const folder = mkdtempSync(join(tmpdir(), "standin-check-"));
        const client = new pg.Client(source);
        await client.connect();
        try {
          const names = Array.from({ length: 1000 }, (_, index) => `t${index}`);
          await client.query(
            names.map((name) => `CREATE TABLE ${name} (id int PRIMARY KEY, a text, b date, c numeric);`).join("\n"),
          );
          await client.query(names.map((name) => `INSERT INTO ${name} VALUES (1, 'canary');`).join("\n"));
          await client.query("ANALYZE");
          const rules = { id: "keep", a: "redact", b: "keep", c: "keep" };
          const policy = { source, target: join(folder, "out"), tables: Object.fromEntries(names.map((name) => [name, rules])) };
          writeFileSync(join(folder, "standin.policy.json"), JSON.stringify(policy));
          const check = (...more: string[]) => spawnNode([command, "check", ...more], { cwd: folder }).finished;
          expect(await check("--write")).toMatchObject({ code: 0, stderr: "" });
          // The fastest of a few, by how much slower than at rest the machine starts a command: this is not about what else it does.
          const { milliseconds } = await spawnNode([command, "--version"], { cwd: folder }).finished;
          const slowness = Math.max(1, milliseconds / STARTED_AT_REST);
          const checks = [await check(), await check(), await check()];
          expect(checks.map(({ code }) => code)).toEqual([0, 0, 0]);
          expect(Math.min(...checks.map(({ milliseconds }) => milliseconds))).toBeLessThan(2000 * slowness);
        } finally {
          await client.end();
          rmSync(folder, { recursive: true });
        }
      });
    },
    120_000,
  );
});
