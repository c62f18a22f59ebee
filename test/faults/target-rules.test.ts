import { expect, it } from "vitest";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { expectNoSessions, runToEnd } from "./fault-run.ts";
import { CANARY, type FaultSystem } from "./fault-system.ts";
import { FAULT_SYSTEMS } from "./fault-systems.ts";
import { mysqlSystem } from "./mysql-system.ts";
import { postgresSystem } from "./postgres-system.ts";

const PREFIXES = ["standin_fault_source", "standin_fault_target"];
const ROWS = Array.from({ length: 50 }, (_, index) => `(${index + 1}, ${index + 1}, '${CANARY} ${index + 1}')`).join(", ");

interface Rule {
  readonly what: string;
  /** Of the target alone: what the plan can see of it, it refuses before. */
  readonly sql: string;
  /** The stand-ins of the last row. */
  readonly n?: string;
  readonly v?: string;
  /** What the error names, where the server tells. */
  readonly names?: string;
}

const RULES: Readonly<Record<string, readonly Rule[]>> = {
  PostgreSQL: [
    {
      what: "a CHECK that calls a function",
      sql: "CREATE FUNCTION fine(text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN $1 <> ''bad''; END'; ALTER TABLE t ADD CONSTRAINT is_fine CHECK (public.fine(v))",
      v: "bad",
      names: "is_fine",
    },
    {
      what: "a unique index of an expression",
      sql: "CREATE UNIQUE INDEX one_each ON t ((lower(v)))",
      v: `${CANARY} 1`,
      names: "one_each",
    },
    {
      what: "an exclusion constraint",
      sql: "ALTER TABLE t ADD CONSTRAINT apart EXCLUDE USING btree (n WITH =)",
      n: "1",
      names: "apart",
    },
    {
      what: "a domain",
      sql: "CREATE DOMAIN short AS text CHECK (length(VALUE) < 100); ALTER TABLE t ALTER v TYPE short",
      v: "x".repeat(200),
    },
    { what: "a number that is too large", sql: "SELECT 1", n: "99999999999" },
    { what: "no number at all", sql: "SELECT 1", n: `${CANARY} NaN` },
    { what: "a text that is too long", sql: "SELECT 1", v: "x".repeat(500) },
    { what: "a NUL", sql: "SELECT 1", v: "a\0b" },
    {
      what: "a trigger on the table that raises when it is asked",
      sql: "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''no %'', NEW.v; END'; CREATE CONSTRAINT TRIGGER never AFTER INSERT ON t DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION refuse()",
    },
    {
      what: "a deferred key that fails at the end",
      sql: "ALTER TABLE t ADD CONSTRAINT late UNIQUE (n) DEFERRABLE INITIALLY DEFERRED",
      n: "1",
      names: "late",
    },
  ],
  MariaDB: [
    { what: "a CHECK", sql: "ALTER TABLE t ADD CONSTRAINT is_fine CHECK (v NOT LIKE 'bad%')", v: "bad" },
    { what: "a unique key", sql: "ALTER TABLE t ADD UNIQUE KEY one_each (v)", v: `${CANARY} 1` },
    { what: "a number that is too large", sql: "SELECT 1", n: "99999999999" },
    { what: "no number at all", sql: "SELECT 1", n: `${CANARY} NaN` },
    { what: "a text that is too long", sql: "SELECT 1", v: "x".repeat(500) },
    {
      what: "a character that the column's set lacks",
      sql: "ALTER TABLE t MODIFY v varchar(60) CHARACTER SET latin1 NOT NULL",
      v: "表",
    },
  ],
};

for (const system of FAULT_SYSTEMS) {
  const withTables = (system: FaultSystem, sql: string, use: (source: string, target: string) => Promise<void>) =>
    system.withDatabases(PREFIXES, async (source, target) => {
      for (const url of [source!, target!])
        await system.run(url, "CREATE TABLE t (id int PRIMARY KEY, n int NOT NULL, v varchar(60) NOT NULL)");
      await system.run(source!, `INSERT INTO t VALUES ${ROWS}`);
      await system.run(target!, `INSERT INTO t VALUES (1, 7, 'as it was')`);
      await system.run(target!, sql);
      await use(source!, target!);
    });

  system.describe(`what a ${system.name} target forbids and nobody could foresee`, () => {
    it.each(RULES[system.name]!)("F29, F30, F31: stops the run and leaves the target as it was: $what", ({ sql, n, v, names }) =>
      withTables(system, sql, async (source, target) => {
        const before = await system.picture(target);
        const lastOf = (last: string | undefined) => {
          let row = 0;
          return custom((value) => (++row === 50 && last !== undefined ? last : value));
        };
        const { error } = await runToEnd({ source, target }, { tables: { t: { id: keep(), n: lastOf(n), v: lastOf(v) } } });
        if (n === undefined && v === undefined) {
          // Triggers are off while rows are loaded.
          expect(error).toBe(null);
          return;
        }
        const places = JSON.stringify([error, error?.findings]);
        expect(["SINK_REJECTED", "PLAN_REFUSED", "VALUE_UNSUPPORTED"], `${error?.message}`).toContain(error?.code);
        expect(places).toContain('"t"');
        if (names !== undefined) expect(`${error!.message} ${places}`).toContain(names);
        expect(await system.picture(target)).toBe(before);
        await expectNoSessions(system, source, target);
      }),
    );
  });
}

postgresSystem.describe("triggers of a PostgreSQL target", () => {
  it("F31: change, refuse and write down no row that is loaded, and are back afterwards", () =>
    postgresSystem.withDatabases(PREFIXES, async (source, target) => {
      for (const url of [source!, target!])
        await postgresSystem.run(
          url,
          `CREATE TABLE t (id int PRIMARY KEY, v text); CREATE TABLE audit (id int);
           CREATE FUNCTION spoil() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN NEW.v = ''spoilt''; INSERT INTO public.audit VALUES (NEW.id); RETURN NEW; END';
           CREATE TRIGGER spoils BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION spoil()`,
        );
      await postgresSystem.run(
        source!,
        "ALTER TABLE t DISABLE TRIGGER spoils; INSERT INTO t VALUES (1, 'a'), (2, 'b'); ALTER TABLE t ENABLE TRIGGER spoils",
      );
      const { error } = await runToEnd({ source, target }, { tables: { t: { id: keep(), v: keep() }, audit: { id: keep() } } });
      expect(error).toBe(null);
      expect(await postgresSystem.picture(target!)).toBe(await postgresSystem.picture(source!));
      await postgresSystem.run(target!, "INSERT INTO t VALUES (3, 'c')");
      expect(await postgresSystem.run(target!, "SELECT v FROM t WHERE id = 3")).toEqual([{ v: "spoilt" }]);
    }));
});

mysqlSystem.describe("values that a MariaDB cannot read as they stand", () => {
  it.each(["2024-02-30", "0000-00-00", "not a day"])("F29: a day that is none stops the run, or stays what it was: %s", (day) =>
    mysqlSystem.withDatabases(PREFIXES, async (source, target) => {
      for (const url of [source!, target!]) await mysqlSystem.run(url, "CREATE TABLE t (id int PRIMARY KEY, d date)");
      await mysqlSystem.run(source!, "INSERT INTO t VALUES (1, '2024-01-01')");
      const { error } = await runToEnd({ source, target }, { tables: { t: { id: keep(), d: custom(() => day) } } });
      const [row] = await mysqlSystem.run(target!, "SELECT d FROM t");
      if (error === null) expect(row).toEqual({ d: day });
      else expect({ code: error.code, row }).toEqual({ code: "SINK_REJECTED", row: undefined });
    }),
  );
});
