import { setTimeout as rest } from "node:timers/promises";
import { expect, it } from "vitest";
import { builtPackage } from "../cli/built-package.ts";
import { describeWithMysql, runMysql, withMysqlDatabases, withMysqlSession } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";
import { runPostgres, withPostgresSession } from "./postgres-examiner.ts";

const { parsePolicy, refresh } = await builtPackage();

const ACCOUNTS = 40_000;
const BALANCE = 1000;
const WORKERS = 4;

/** Some 8 MB each, so that a table is more than one shard. */
const tablesOf = (text: string) => `
  CREATE TABLE accounts (id int PRIMARY KEY, owner varchar(60) NOT NULL, note ${text} NOT NULL, balance int NOT NULL);
  CREATE TABLE transfers (id int PRIMARY KEY, note ${text} NOT NULL);
  CREATE TABLE entries (id int PRIMARY KEY, transfer int NOT NULL REFERENCES transfers (id), account int NOT NULL REFERENCES accounts (id), amount int NOT NULL)`;

const POLICY = {
  accounts: { id: "tokenize", owner: { fake: "person.fullName" }, note: "redact", balance: "keep" },
  transfers: { id: "tokenize", note: "redact" },
  entries: { id: "tokenize", transfer: "tokenize", account: "tokenize", amount: "keep" },
};

type Run = (sql: string) => Promise<unknown>;

/** Moves money from account to account, each time in one transaction with its two entries, until it is told to stop. Resolves with how often. */
async function moveMoney(run: Run, isOver: () => boolean): Promise<number> {
  let moves = 0;
  for (; !isOver(); moves++) {
    const [from, to] = [1 + ((moves * 7919) % ACCOUNTS), 1 + ((moves * 104_729 + 5) % ACCOUNTS)];
    const amount = 1 + (moves % 50);
    await run("BEGIN");
    await run(`UPDATE accounts SET balance = balance - ${amount} WHERE id = ${from}`);
    await run(`INSERT INTO transfers VALUES (${moves}, 'moved')`);
    await run(
      `INSERT INTO entries VALUES (${2 * moves}, ${moves}, ${from}, ${-amount}), (${2 * moves + 1}, ${moves}, ${to}, ${amount})`,
    );
    await run(`UPDATE accounts SET balance = balance + ${amount} WHERE id = ${to}`);
    await run("COMMIT");
  }
  return moves;
}

interface Money {
  readonly total: number;
  readonly accounts: number;
  readonly transfers: number;
  readonly entries: number;
  readonly entered: number;
  readonly wrong: number;
}

/** Whatever moment of the source a copy shows, these agree in it. */
const MONEY = `
  SELECT (SELECT SUM(balance) FROM accounts) AS total, (SELECT COUNT(*) FROM accounts) AS accounts, (SELECT COUNT(*) FROM transfers) AS transfers,
         (SELECT COUNT(*) FROM entries) AS entries, (SELECT COALESCE(SUM(amount), 0) FROM entries) AS entered,
         (SELECT COUNT(*) FROM (
            SELECT a.id FROM accounts a LEFT JOIN entries e ON e.account = a.id
             GROUP BY a.id, a.balance HAVING a.balance <> ${BALANCE} + COALESCE(SUM(e.amount), 0)) w) AS wrong`;

async function copiesOneMoment(
  source: string,
  target: string,
  load: (isOver: () => boolean) => Promise<number>,
  look: (url: string) => Promise<unknown>,
) {
  let isOver = false;
  const moving = load(() => isOver);
  await rest(500);
  const before = money(await look(source));
  const options = { key: TEST_KEY, workers: WORKERS, verify: true };
  const report = await refresh(parsePolicy({ source, target, tables: POLICY }), options).finally(() => {
    isOver = true;
  });
  const moves = await moving;
  const notes = ["verified by reading the source once more", "created 3 tables"].map((note) => expect.stringContaining(note));
  expect(report).toMatchObject({ workers: WORKERS, notes });
  const copied = money(await look(target));
  expect(copied).toMatchObject({
    total: ACCOUNTS * BALANCE,
    accounts: ACCOUNTS,
    entries: 2 * copied.transfers,
    entered: 0,
    wrong: 0,
  });
  // Its verification read the same moment: kept columns are compared by sums, and rows by their number.
  expect(report.verification!.findings).toEqual([]);
  const rows = Object.fromEntries(report.verification!.tables.map(({ table, sourceRows }) => [table, sourceRows]));
  expect(rows).toEqual({ accounts: ACCOUNTS, transfers: copied.transfers, entries: copied.entries });
  // It is a moment of the load, and the load went on behind it: else this would show nothing.
  expect(copied.transfers).toBeGreaterThanOrEqual(before.transfers);
  expect(copied.transfers).toBeGreaterThan(0);
  expect(moves).toBeGreaterThan(copied.transfers);
}

const money = (rows: unknown): Money =>
  Object.fromEntries(Object.entries((rows as object[])[0]!).map(([name, value]) => [name, Number(value)])) as unknown as Money;

describeWithPostgres("four workers on a PostgreSQL that is written to", () => {
  it("copy one moment of it", { timeout: 120_000 }, () =>
    withDatabases(["standin_load_source", "standin_load_target"], async (source, target) => {
      await runPostgres(
        source!,
        `${tablesOf("text")}; INSERT INTO accounts SELECT i, 'Jane Doe ' || i, repeat('x', 180), ${BALANCE} FROM generate_series(1, ${ACCOUNTS}) i`,
      );
      const load = (isOver: () => boolean) =>
        withPostgresSession(source!, (session) => moveMoney((sql) => session.query(sql), isOver));
      await copiesOneMoment(source!, target!, load, (url) => runPostgres(url, MONEY));
    }),
  );
});

describeWithMysql("four workers on a MySQL that is written to", () => {
  it("copy one moment of it", { timeout: 120_000 }, () =>
    withMysqlDatabases(["standin_load_source", "standin_load_target"], async (source, target) => {
      await runMysql(source!, tablesOf("varchar(200)"));
      const rows = Array.from(
        { length: ACCOUNTS },
        (_, index) => `(${index + 1}, 'Jane Doe ${index + 1}', REPEAT('x', 180), ${BALANCE})`,
      );
      for (let from = 0; from < ACCOUNTS; from += 5000)
        await runMysql(source!, `INSERT INTO accounts VALUES ${rows.slice(from, from + 5000)}`);
      await runMysql(source!, "ANALYZE TABLE accounts");
      const load = (isOver: () => boolean) =>
        withMysqlSession(source!, (session) => moveMoney((sql) => session.query(sql), isOver));
      await copiesOneMoment(source!, target!, load, (url) => runMysql(url, MONEY));
    }),
  );
});
