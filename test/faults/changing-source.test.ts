import { setTimeout as rest } from "node:timers/promises";
import { expect, it } from "vitest";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { expectNoSessions, runToEnd } from "./fault-run.ts";
import { FAULT_SYSTEMS } from "./fault-systems.ts";
import { postgresSystem } from "./postgres-system.ts";
import { strikeAt } from "./strike.ts";

const PREFIXES = ["standin_fault_source", "standin_fault_target"];
const EVENTS = 2000;

/** Changes that a migration makes to the table that is still to be read. */
const MIGRATIONS: readonly (readonly [string, string])[] = [
  ["adds a column", "ALTER TABLE visits ADD COLUMN fresh varchar(40) DEFAULT 'CANARY-7f3a fresh'"],
  ["drops a column", "ALTER TABLE visits DROP COLUMN remark"],
  ["renames a column", "ALTER TABLE visits RENAME COLUMN remark TO note"],
  ["renames the table", "ALTER TABLE visits RENAME TO stays"],
  ["empties the table", "TRUNCATE TABLE visits"],
  ["adds a table", "CREATE TABLE fresh (id int)"],
];

for (const system of FAULT_SYSTEMS) {
  system.describe(`a ${system.name} source that is changed during a run`, () => {
    it.each(MIGRATIONS)("F22: gives its snapshot to a run that began before somebody %s", (_, migration) =>
      system.withDatabases(PREFIXES, async (source, target) => {
        const ends = { source: source!, target: target! };
        await system.fill(ends.source, EVENTS);
        await system.fill(ends.target, 5);
        const before = await system.picture(ends.source);
        let migrated: Promise<unknown> = Promise.resolve();
        const { note } = strikeAt(EVENTS / 2, async () => {
          // It waits for the run, or is done at once, and then must not be seen.
          migrated = system.run(ends.source, migration);
          await Promise.race([migrated, rest(300)]);
        });
        const { error } = await runToEnd(ends, { note });
        expect(error).toBe(null);
        await migrated;
        expect(await system.picture(ends.target)).toBe(before);
      }),
    );

    it("F21: gives one moment of itself, whatever is written to it meanwhile: sums and references hold", () =>
      system.withDatabases(PREFIXES, async (source, target) => {
        const tables = `CREATE TABLE accounts (id int PRIMARY KEY, balance int NOT NULL);
          CREATE TABLE moves (id int PRIMARY KEY, account int NOT NULL, amount int NOT NULL, FOREIGN KEY (account) REFERENCES accounts (id))`;
        await system.run(source!, tables);
        await system.run(target!, tables);
        const values = Array.from({ length: 3000 }, (_, index) => `(${index + 1}, 100)`).join(", ");
        await system.run(source!, `INSERT INTO accounts VALUES ${values}; INSERT INTO moves VALUES (1, 1, 0)`);
        let isOver = false;
        let moves = 1;
        const write = async () => {
          while (!isOver) {
            const [from, to] = [1 + (moves % 3000), 1 + ((moves * 7) % 3000)];
            moves += 1;
            await system.run(
              source!,
              `START TRANSACTION; INSERT INTO accounts VALUES (${10_000 + moves}, 0); UPDATE accounts SET balance = balance - 5 WHERE id = ${from};
               UPDATE accounts SET balance = balance + 5 WHERE id = ${to}; INSERT INTO moves VALUES (${moves}, ${10_000 + moves}, 5); COMMIT`,
            );
          }
        };
        const writing = write();
        let rows = 0;
        const slow = custom((value) => (++rows % 1000 === 0 ? rest(150).then(() => value) : value));
        const policy = { accounts: { id: keep(), balance: slow }, moves: { id: keep(), amount: keep() } };
        const { error } = await runToEnd({ source, target }, { tables: policy });
        isOver = true;
        await writing;
        expect(error).toBe(null);
        expect(moves).toBeGreaterThan(3);
        const [sum] = await system.run(target!, "SELECT SUM(balance) AS total, COUNT(*) AS accounts FROM accounts");
        expect(Number(sum!.total)).toBe(300_000);
        const [moved] = await system.run(target!, "SELECT COUNT(*) AS moves FROM moves");
        expect(Number(sum!.accounts)).toBe(3000 + Number(moved!.moves) - 1);
        await expectNoSessions(system, source!, target!);
      }));
  });
}

postgresSystem.describe("a partitioned PostgreSQL source", () => {
  it.each([
    ["attached", "ALTER TABLE parts ATTACH PARTITION fresh FOR VALUES FROM (10) TO (20)"],
    ["detached", "ALTER TABLE parts DETACH PARTITION old"],
    ["detached without a lock", "ALTER TABLE parts DETACH PARTITION old CONCURRENTLY"],
  ])("F23: gives the rows of its snapshot, or stops, where a partition is %s during a run", (_, change) =>
    postgresSystem.withDatabases(PREFIXES, async (source, target) => {
      await postgresSystem.run(
        source!,
        `CREATE TABLE slow (id int); INSERT INTO slow VALUES (1), (2);
         CREATE TABLE parts (id int, v text) PARTITION BY RANGE (id);
         CREATE TABLE old PARTITION OF parts FOR VALUES FROM (0) TO (10); CREATE TABLE fresh (id int, v text);
         INSERT INTO parts SELECT n, 'x' FROM generate_series(1, 9) n; INSERT INTO fresh VALUES (12, 'y')`,
      );
      await postgresSystem.run(target!, "CREATE TABLE slow (id int); CREATE TABLE parts (id int, v text)");
      let changed: Promise<unknown> = Promise.resolve();
      let isStruck = false;
      const strike = custom(async (value) => {
        if (!isStruck) {
          isStruck = true;
          changed = postgresSystem.run(source!, change).catch(() => {});
          await Promise.race([changed, rest(500)]);
        }
        return value;
      });
      const tables = { slow: { id: strike }, parts: { id: keep(), v: keep() }, fresh: "skip" } as const;
      const { error } = await runToEnd({ source, target }, { tables });
      await changed;
      const rows = await postgresSystem.run(target!, "SELECT id FROM parts ORDER BY id");
      if (error === null) expect(rows.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
      else expect(rows).toEqual([]);
    }),
  );
});
