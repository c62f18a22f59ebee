import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { loadPolicy } from "../../src/policy/read/load-policy.ts";
import { refresh } from "../../src/refresh.ts";
import { reveal } from "../../src/reveal.ts";
import { encryptDigits, keep, scramble, tokenize } from "../../src/transforms/index.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";
import { runPostgres, withPostgresSession } from "./postgres-examiner.ts";

const folder = mkdtempSync(join(tmpdir(), "standin-reveal-"));
afterAll(() => rmSync(folder, { recursive: true }));

const ROWS = Array.from({ length: 50 }, (_, id) => ({ id: id + 1, card: `4111-1111-1111-${1000 + id}`, name: `Jane ${id} Doe` }));
const audit = join(folder, "reveal.log");
const entries = () =>
  readFileSync(audit, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
const REVEALED = { columns: ["people.card", "people.name", "people.id", "people.note"], audit };

describe("reveal", () => {
  writeFileSync(join(folder, "people.csv"), ["id,card,name", ...ROWS.map((row) => Object.values(row).join())].join("\n"));
  const tables = { people: { id: "keep", card: { encryptDigits: { keepLast: 4 } }, name: "scramble" } };
  const policyOf = async (
    more: object = { reveal: { columns: ["people.card", "people.name", "people.id"], audit: "reveal.log" } },
  ) => {
    writeFileSync(
      join(folder, "standin.policy.json"),
      JSON.stringify({ source: join(folder, "people.csv"), target: join(folder, "out"), tables, ...more }),
    );
    return (await loadPolicy(undefined, folder, () => Promise.reject())).policy;
  };

  it("gives back what a copy of a CSV masked, and writes down that it did", async () => {
    const policy = await policyOf();
    await refresh(policy, { key: TEST_KEY });
    const masked = readFileSync(join(folder, "out", "people.csv"), "utf8")
      .trim()
      .split("\n")
      .slice(1);
    const columnOf = (index: number) => masked.map((line) => line.split(",")[index]!);
    expect(columnOf(1)).not.toContain(ROWS[0]!.card);
    const who = "a tester";
    expect(await reveal(policy, "people.card", columnOf(1), { key: TEST_KEY, who })).toEqual(ROWS.map(({ card }) => card));
    expect(await reveal(policy, "people.name", [...columnOf(2), null], { key: TEST_KEY })).toEqual([
      ...ROWS.map(({ name }) => name),
      null,
    ]);
    const [first, second] = entries();
    expect(first).toEqual({
      at: expect.any(String),
      who,
      column: "people.card",
      count: 50,
      key: expect.stringMatching(/^[0-9a-f]{8}$/),
    });
    expect(second).toMatchObject({ column: "people.name", count: 51, who: expect.stringContaining("@") });
    const written = readFileSync(audit, "utf8");
    for (const { card, name } of ROWS) expect(written.includes(card) || written.includes(name)).toBe(false);
    for (const cell of columnOf(1)) expect(written).not.toContain(cell);
    expect(statSync(audit).mode & 0o077).toBe(0);
  });

  it("gives back identifiers, phone numbers, addresses and days", async () => {
    const people = [
      ["iban", "GB82 WEST 1234 5698 7654 32", { encryptId: "iban" }],
      ["phone", "+49 151 12345678", "encryptPhone"],
      ["ip", "198.51.100.17", { encryptIp: { strict: true } }],
      ["born", "1987-03-14", "permuteDates"],
    ] as const;
    const home = mkdtempSync(join(folder, "kinds-"));
    writeFileSync(
      join(home, "people.csv"),
      `${people.map(([name]) => name).join()}\n${people.map(([, value]) => value).join()}\n`,
    );
    writeFileSync(
      join(home, "standin.policy.json"),
      JSON.stringify({
        source: join(home, "people.csv"),
        target: join(home, "out"),
        tables: { people: Object.fromEntries(people.map(([name, , rule]) => [name, rule])) },
        reveal: { columns: people.map(([name]) => `people.${name}`), audit: "reveal.log" },
      }),
    );
    const { policy } = await loadPolicy(undefined, home, () => Promise.reject());
    await refresh(policy, { key: TEST_KEY });
    const [, line = ""] = readFileSync(join(home, "out", "people.csv"), "utf8").split("\n");
    for (const [index, [name, original]] of people.entries()) {
      const masked = line.split(",")[index]!;
      expect(masked).not.toBe(original);
      expect(await reveal(policy, `people.${name}`, [masked], { key: TEST_KEY })).toEqual([original]);
    }
  });

  it("is off unless the policy names the column, and then nothing is opened or written down", async () => {
    const before = entries().length;
    const silent = await policyOf({});
    await expect(reveal(silent, "people.card", ["1"], { key: TEST_KEY })).rejects.toMatchObject({ code: "REVEAL_REFUSED" });
    const other = await policyOf({ reveal: { columns: ["people.name"], audit: "reveal.log" } });
    await expect(reveal(other, "people.card", ["1"], { key: TEST_KEY })).rejects.toMatchObject({ code: "REVEAL_REFUSED" });
    expect(entries()).toHaveLength(before);
  });

  it("reveals nothing that it cannot write down, and nothing of a column that is not masked", async () => {
    const policy = await policyOf({ reveal: { columns: ["people.card"], audit: join("no", "folder", "reveal.log") } });
    const refusal = await reveal(policy, "people.card", ["4111-1111-1111-1000"], { key: TEST_KEY }).catch(
      (error: unknown) => error,
    );
    expect(refusal).toMatchObject({ code: "AUDIT_FAILED" });
    await expect(reveal(await policyOf(), "people.id", ["1"], { key: TEST_KEY })).rejects.toMatchObject({
      code: "REVEAL_REFUSED",
      column: "id",
    });
  });

  it("says what is wrong with a policy's `reveal`", async () => {
    for (const [given, message] of [
      [{ columns: ["people.*"], audit: "x.log" }, /people\.\* is no column/],
      [{ columns: [], audit: "x.log" }, /names no column/],
      [{ columns: ["people.card"] }, /needs `audit`/],
      [{ columns: ["people.card"], audit: "x.log", who: "all" }, /reveal has no "who"/],
      ["people.card", /says which columns/],
    ] as const)
      await expect(policyOf({ reveal: given })).rejects.toMatchObject({
        code: "POLICY_INVALID",
        findings: expect.arrayContaining([expect.objectContaining({ message: expect.stringMatching(message) })]),
      });
  });
});

describeWithPostgres("reveal on PostgreSQL", () => {
  it("gives back what a copy masked", async () => {
    await withDatabases(["standin_reveal_source", "standin_reveal_target"], async (source, target) => {
      await withPostgresSession(source, async (session) => {
        await session.query("CREATE TABLE people (id int PRIMARY KEY, card varchar(19), name text, note text)");
        for (const { id, card, name } of ROWS)
          await session.query("INSERT INTO people VALUES ($1, $2, $3, 'kept')", [id, card, name]);
      });
      const policy = {
        source,
        target,
        tables: { people: { id: tokenize(), card: encryptDigits({ keepFirst: 6 }), name: scramble(), note: keep() } },
        reveal: REVEALED,
      };
      await refresh(policy, { key: TEST_KEY });
      const masked = await runPostgres(target, "SELECT id::text, card, name FROM people ORDER BY id");
      for (const column of ["id", "card", "name"] as const) {
        const values = masked.map((row) => String((row as Record<string, unknown>)[column]));
        const originals = await reveal(policy, `people.${column}`, values, { key: TEST_KEY });
        expect([...originals].sort()).toEqual(ROWS.map((row) => String(row[column])).sort());
      }
      await expect(reveal(policy, "people.note", ["kept"], { key: TEST_KEY })).rejects.toMatchObject({ code: "REVEAL_REFUSED" });
    });
  });
});
