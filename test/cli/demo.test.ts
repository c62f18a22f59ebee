import { PGlite } from "@electric-sql/pglite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { demoPolicy } from "../../src/cli/demo/demo-policy.ts";
import { createShop, fillShop } from "../../src/cli/demo/demo-shop.ts";
import { pgliteClient, postgresSink, postgresSource } from "../../src/connectors/postgres/index.ts";
import { planRefresh, refresh } from "../../src/refresh.ts";
import { TEST_KEY } from "../test-key.ts";
import { jsonLines, spawnNode } from "./spawned-command.ts";
import { stagePackage } from "./staged-package.ts";

const { command, folder } = await stagePackage();

describe("standin demo", () => {
  it("shows a shop before and after within a minute, and ends with exit 0", async () => {
    const { code, stdout, milliseconds } = await spawnNode([command, "demo"], { cwd: folder, limitMilliseconds: 60_000 })
      .finished;
    expect(code).toBe(0);
    expect(milliseconds).toBeLessThan(60_000);
    expect(stdout).toMatch(/^ {10}before +after$/m);
    for (const column of ["name", "email", "born", "address"]) {
      const shown = stdout.match(new RegExp(`^${column} .*$`, "gm"))!;
      expect(shown, column).toHaveLength(3);
      for (const line of shown) {
        const [before, after] = line.slice(10).split(/ {2,}|… /);
        expect(after, line).not.toBe(before);
      }
    }
    expect(stdout.match(/✓ .+: (\d+) before, \1 after$/gm)).toHaveLength(4);
    expect(stdout).toMatch(/✓ [\d,]+ rows of 6 tables/);
    expect(stdout).toMatch(/Next:\n.*standin keygen.*\n.*standin init.*\n.*standin plan.*\n.*standin run/);
  });

  it("prints only JSON under --json", async () => {
    const { code, stdout, stderr } = await spawnNode([command, "demo", "--json"], { cwd: folder }).finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(jsonLines(stdout).at(-1)).toMatchObject({ type: "report", source: "postgres", target: "postgres" });
  });
});

describe("the demo's policy", () => {
  let [production, staging]: PGlite[] = [];
  const query = async (database: PGlite | undefined, sql: string) => (await database!.query<Record<string, unknown>>(sql)).rows;
  beforeAll(async () => {
    [production, staging] = [await PGlite.create(), await PGlite.create()];
    for (const database of [production, staging]) await createShop(database);
    await fillShop(production);
    await refresh(policy(), { key: TEST_KEY });
  });
  afterAll(() => Promise.all([production?.close(), staging?.close()]));
  const policy = () =>
    demoPolicy(postgresSource({ client: pgliteClient(production!) }), postgresSink({ client: pgliteClient(staging!) }));

  it("has a few thousand rows of several countries and no warning but small things", async () => {
    const { findings } = await planRefresh(policy());
    expect(findings.filter(({ severity }) => severity === "error")).toEqual([]);
    expect(await query(production, "SELECT count(DISTINCT country)::int AS count FROM customers")).toEqual([{ count: 5 }]);
  });

  it.each([
    ["customers", ["first_name", "last_name", "email", "phone", "born", "created_at"]],
    ["addresses", ["street", "postcode", "city"]],
    ["cards", ["holder", "number"]],
    ["orders", ["placed_at"]],
    ["payments", ["reference", "amount"]],
    ["tickets", ["contact", "body", "metadata"]],
  ])("changes every masked cell of %s and no other", async (table, masked) => {
    const before = await query(production, `SELECT * FROM ${table} ORDER BY id`);
    const after = await query(staging, `SELECT * FROM ${table} ORDER BY id`);
    expect(after).toHaveLength(before.length);
    for (const [index, row] of before.entries()) {
      for (const [column, value] of Object.entries(row)) {
        const what = `${table}.${column} of row ${index + 1}`;
        if (masked.includes(column) && value !== null) expect(after[index]![column], what).not.toEqual(value);
        else expect(after[index]![column], what).toEqual(value);
      }
    }
  });

  it("keeps joins, unique keys and check digits", async () => {
    const joined = `SELECT count(*)::int AS payments, count(DISTINCT c.email)::int AS customers FROM payments p
      JOIN orders o ON o.id = p.order_id JOIN customers c ON c.id = o.customer_id`;
    const byMail =
      "SELECT count(*)::int AS tickets FROM tickets t JOIN customers c ON c.email = t.contact AND c.id = t.customer_id";
    for (const sql of [joined, byMail]) expect(await query(staging, sql)).toEqual(await query(production, sql));
    for (const { number } of await query(staging, "SELECT number FROM cards")) expect(hasLuhnDigit(String(number))).toBe(true);
  });
});

function hasLuhnDigit(number: string): boolean {
  const digits = [...number].reverse().map(Number);
  const sum = digits.reduce(
    (total, digit, index) => total + (index % 2 === 0 ? digit : digit > 4 ? 2 * digit - 9 : 2 * digit),
    0,
  );
  return sum % 10 === 0;
}
