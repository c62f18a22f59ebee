import { execFileSync } from "node:child_process";
import pg from "pg";
import { postgresSource } from "../../src/connectors/postgres/index.ts";
import type { DataSchema } from "../../src/contracts.ts";
import type { TablePlan } from "../../src/plan/plan.ts";
import type { Examiner } from "./faithful-copy.ts";
import { insertOnce } from "./postgres-insert-once.ts";

export const quotePostgres = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export const qualifyPostgres = ({ table }: TablePlan): string =>
  `${quotePostgres(table.ref.schema ?? "public")}.${quotePostgres(table.ref.name)}`;

/** Looks at a PostgreSQL database. */
export const postgresExaminer: Examiner = {
  schema: postgresSchema,
  rows: async (url, plan, columns) => {
    const list = columns.map((name) => `${quotePostgres(name)}::text`).join(", ");
    const rows = await runPostgres(url, `SELECT ROW(${list})::text AS row FROM ${qualifyPostgres(plan)}`);
    return rows.map(({ row }) => row as string);
  },
  cells: async (url, plan, key, column) => {
    const id = `ROW(${key.map(quotePostgres).join(",")})::text`;
    const sql = `SELECT ${id} AS id, ${quotePostgres(column)}::text AS value FROM ${qualifyPostgres(plan)}`;
    return new Map((await runPostgres(url, sql)).map(({ id, value }) => [id as string, value as string | null]));
  },
  foreignKeys: examineForeignKeys,
  definitions: async (url) => ({ dump: dumpSchema(url) }),
  insertOnce: (url, plan) => withPostgresSession(url, (session) => insertOnce(session, plan)),
};

export async function withPostgresSession<Result>(url: string, use: (session: pg.Client) => Promise<Result>): Promise<Result> {
  const session = new pg.Client(url);
  await session.connect();
  try {
    return await use(session);
  } finally {
    await session.end();
  }
}

export function runPostgres(url: string, sql: string): Promise<Record<string, unknown>[]> {
  return withPostgresSession(url, async (session) => (await session.query(sql)).rows);
}

async function postgresSchema(url: string): Promise<DataSchema> {
  const source = postgresSource({ url });
  try {
    await source.open(new AbortController().signal);
    return await source.schema();
  } finally {
    await source.close();
  }
}

/** pg_dump writes the same text for the same definitions; the \restrict lines of its newer versions are drawn at random. */
function dumpSchema(url: string): string {
  const dump = execFileSync("pg_dump", ["--schema-only", "--no-owner", "-d", url], { encoding: "utf8" });
  return dump.replace(/^\\(un)?restrict .*$/gm, "");
}

async function examineForeignKeys(url: string): Promise<{ total: number; broken: string[] }> {
  return withPostgresSession(url, async (session) => {
    const { rows } = await session.query(
      `SELECT conname AS name, conrelid::regclass::text AS child, pg_get_constraintdef(oid) AS definition, convalidated AS "isValid"
         FROM pg_constraint WHERE contype = 'f' AND conparentid = 0`,
    );
    const broken: string[] = [];
    for (const { name, child, definition, isValid } of rows) {
      // Adding the same constraint once more makes the server check every row.
      await session.query("BEGIN");
      const isHeld = await session.query(`ALTER TABLE ${child} ADD CONSTRAINT standin_check ${definition}`).then(
        () => true,
        () => false,
      );
      await session.query("ROLLBACK");
      if (!isHeld || !isValid) broken.push(`${child}.${name}`);
    }
    return { total: rows.length, broken };
  });
}
