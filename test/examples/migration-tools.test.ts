import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import pg from "pg";
import { describe, expect, it } from "vitest";
import { spawnProgram } from "../cli/spawned-command.ts";
import { type StagedPackage, stagePackage } from "../cli/staged-package.ts";
import { blockWith, ROOT } from "../docs/readme-blocks.ts";
import { IS_THOROUGH } from "../faults/seeds.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";
import { linkStandin } from "./linked-command.ts";

const staged = IS_THOROUGH ? await stagePackage() : null;
const example = (file: string) => readFileSync(join(ROOT, "examples", "data-refresh", file), "utf8");

interface Tool {
  readonly name: string;
  /** The table in which it keeps what it has done. */
  readonly own: string;
  readonly packages: readonly string[];
  readonly files: Readonly<Record<string, string>>;
  readonly env?: (folder: string) => Readonly<Record<string, string>>;
}

/** Projects of people who migrate the shop of examples/data-refresh by another tool. */
const TOOLS: readonly Tool[] = [
  {
    name: "prisma",
    own: "_prisma_migrations",
    packages: ["prisma@6.19.3", "@prisma/adapter-pg@7.10.1"],
    // Its engine in WebAssembly comes with the package. The one of its own is fetched from elsewhere, and is not needed then: any file will do.
    files: {
      "prisma.config.ts": `import { PrismaPg } from "@prisma/adapter-pg";
import { defineConfig } from "prisma/config";
export default defineConfig({
  schema: "prisma/schema.prisma",
  migrations: { path: "prisma/migrations" },
  experimental: { adapter: true },
  engine: "js",
  adapter: async () => new PrismaPg({ connectionString: process.env.DATABASE_URL }),
});
`,
      "prisma/schema.prisma": 'datasource db {\n  provider = "postgresql"\n  url = env("DATABASE_URL")\n}\n',
      "prisma/migrations/migration_lock.toml": 'provider = "postgresql"\n',
      "prisma/migrations/1_shop/migration.sql": example("shop.sql"),
      engine: "",
    },
    env: (folder) => ({
      PRISMA_QUERY_ENGINE_LIBRARY: join(folder, "engine"),
      PRISMA_SCHEMA_ENGINE_BINARY: join(folder, "engine"),
    }),
  },
  {
    name: "drizzle",
    own: "drizzle.__drizzle_migrations",
    packages: ["drizzle-kit@0.31.11", "drizzle-orm@0.45.4", "pg@8.23.1"],
    files: {
      "drizzle.config.ts": `import { defineConfig } from "drizzle-kit";
export default defineConfig({ dialect: "postgresql", out: "./drizzle", dbCredentials: { url: process.env.DATABASE_URL! } });
`,
      "drizzle/0000_shop.sql": example("shop.sql"),
      "drizzle/meta/_journal.json": JSON.stringify({
        version: "7",
        dialect: "postgresql",
        entries: [{ idx: 0, version: "7", when: 1_767_225_600_000, tag: "0000_shop", breakpoints: true }],
      }),
    },
  },
  {
    name: "typeorm",
    own: "migrations",
    packages: ["typeorm@1.1.1", "reflect-metadata@0.2.2", "pg@8.23.1"],
    files: {
      "data-source.js": `const { DataSource } = require("typeorm");
class Shop1767225600000 {
  up(runner) { return runner.query(${JSON.stringify(example("shop.sql"))}); }
  async down() {}
}
module.exports = new DataSource({ type: "postgres", url: process.env.DATABASE_URL, migrations: [Shop1767225600000] });
`,
    },
  },
];

const policyWith = (own: string) => `source: \${PROD_URL}
target: \${STAGING_URL}
tables:
  customers:
    id: tokenize
    email: { fake: { path: internet.email, unique: true } }
    name: { fake: person.fullName }
    born: keep
    notes: redact
  orders: { id: keep, total: keep, placed_at: keep }
  ${own}: skip
`;

/** The tool's project, with the guide's scripts, the package under test and what the tool is made of. */
async function makeProject(folder: string, { packages, files, own }: Tool, staged: StagedPackage): Promise<void> {
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  const { scripts } = JSON.parse(blockWith("docs/guides/migration-tooling.md", "json", "refresh:prisma"));
  writeFileSync(join(folder, "package.json"), JSON.stringify({ private: true, scripts }));
  writeFileSync(join(folder, "standin.policy.yaml"), policyWith(own));
  const quiet = ["--no-audit", "--no-fund", "--no-save", "--legacy-peer-deps", "--ignore-scripts"];
  const { code, stderr } = await run("npm", ["install", ...quiet, ...packages], folder, {});
  expect(code, stderr).toBe(0);
  linkStandin(folder, staged);
}

const run = (program: string, parameters: readonly string[], cwd: string, env: Readonly<Record<string, string>>) =>
  spawnProgram(program, parameters, { cwd, env, limitMilliseconds: 240_000 }).finished;

const note = IS_THOROUGH ? "" : " (skipped: installs them, npm run test:deep)";
describe.skipIf(!IS_THOROUGH)(`migrations of other tools${note}`, () => {
  describeWithPostgres("by the guide's scripts", () => {
    it.each(TOOLS)("$name makes the tables, and they are filled, also a second time", { timeout: 600_000 }, async (tool) => {
      const folder = mkdtempSync(join(tmpdir(), `standin-${tool.name}-`));
      try {
        await makeProject(folder, tool, staged!);
        await withDatabases(["standin_tool_prod", "standin_tool_staging"], async (PROD_URL, STAGING_URL) => {
          const env = { ...tool.env?.(folder), STANDIN_KEY: TEST_KEY, PROD_URL: PROD_URL!, STAGING_URL: STAGING_URL! };
          const [prod, staging] = [new pg.Client(PROD_URL), new pg.Client(STAGING_URL)];
          for (const client of [prod, staging]) await client.connect();
          try {
            // Production was migrated by the same tool. It has no rows yet, and so there is nothing to refuse.
            const script = ["run", "--silent", `refresh:${tool.name}`];
            const made = await run("npm", script, folder, { ...env, STAGING_URL: PROD_URL! });
            expect(made.stderr).toContain("SOURCE_IS_TARGET");
            await prod.query(example("rows.sql"));
            for (const round of ["into an empty database", "into a full one"]) {
              const { code, stdout, stderr } = await run("npm", script, folder, env);
              expect(code, `${round}: ${stdout}${stderr}`).toBe(0);
              expect(stdout).toContain("6 rows of 2 tables");
              const rows = "SELECT o.total, c.email FROM orders o JOIN customers c ON c.id = o.customer_id ORDER BY o.id";
              const [before, after] = [(await prod.query(rows)).rows, (await staging.query(rows)).rows];
              expect(after.map(({ total }) => total)).toEqual(before.map(({ total }) => total));
              for (const [index, { email }] of after.entries()) expect(email).not.toBe(before[index].email);
              expect((await staging.query(`SELECT 1 FROM ${tool.own}`)).rows).toHaveLength(1);
            }
          } finally {
            for (const client of [prod, staging]) await client.end();
          }
        });
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });
});
