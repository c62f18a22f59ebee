import pg from "pg";
import { quoteMysql, runMysql } from "../servers/mysql-server.ts";

/** A foreign key as its server tells of it. */
interface DeclaredKey {
  readonly name: string;
  readonly child: string;
  readonly parent: string;
  /** Columns side by side, quoted. */
  readonly pairs: readonly (readonly [string, string])[];
}

const PG_KEYS = `
  SELECT c.conname AS name, c.conrelid::regclass::text AS child, c.confrelid::regclass::text AS parent, c.convalidated AS valid,
         (SELECT json_agg(json_build_array(quote_ident(a.attname), quote_ident(b.attname)))
            FROM unnest(c.conkey, c.confkey) k (one, other)
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.one
            JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.other) AS pairs
    FROM pg_constraint c WHERE c.contype = 'f' AND c.conparentid = 0`;

/** What is wrong with the foreign keys of a PostgreSQL database: those that the server does not hold valid, and rows that point nowhere. */
export async function brokenPostgresKeys(url: string): Promise<{ readonly keys: number; readonly broken: readonly string[] }> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const { rows } = await client.query<DeclaredKey & { valid: boolean }>(PG_KEYS);
    const broken: string[] = [];
    for (const key of rows) {
      if (!key.valid) broken.push(`${key.name} is not valid`);
      const { rows: found } = await client.query<{ lost: string }>(danglingRows(key));
      if (found[0]!.lost !== "0") broken.push(`${key.name}: ${found[0]!.lost}`);
    }
    return { keys: rows.length, broken };
  } finally {
    await client.end();
  }
}

/** The same of a MariaDB or MySQL database. */
export async function brokenMysqlKeys(url: string): Promise<{ readonly keys: number; readonly broken: readonly string[] }> {
  const parts = await runMysql(
    url,
    `SELECT CONSTRAINT_NAME AS name, TABLE_NAME AS child, REFERENCED_TABLE_NAME AS parent, COLUMN_NAME AS own, REFERENCED_COLUMN_NAME AS other
       FROM information_schema.KEY_COLUMN_USAGE
      WHERE TABLE_SCHEMA = DATABASE() AND REFERENCED_TABLE_NAME IS NOT NULL ORDER BY CONSTRAINT_NAME, ORDINAL_POSITION`,
  );
  const keys = new Map<string, DeclaredKey & { readonly pairs: [string, string][] }>();
  for (const { name, child, parent, own, other } of parts as Record<string, string>[]) {
    const id = `${child} ${name}`;
    const key = keys.get(id) ?? { name: name!, child: quoteMysql(child!), parent: quoteMysql(parent!), pairs: [] };
    keys.set(id, key);
    key.pairs.push([quoteMysql(own!), quoteMysql(other!)]);
  }
  const broken: string[] = [];
  for (const key of keys.values()) {
    const [found] = await runMysql(url, danglingRows(key));
    if (String(found!.lost) !== "0") broken.push(`${key.name}: ${found!.lost}`);
  }
  return { keys: keys.size, broken };
}

function danglingRows({ child, parent, pairs }: DeclaredKey): string {
  const filled = pairs.map(([own]) => `c.${own} IS NOT NULL`).join(" AND ");
  const same = pairs.map(([own, other]) => `p.${other} = c.${own}`).join(" AND ");
  return `SELECT count(*) AS lost FROM ${child} c WHERE ${filled} AND NOT EXISTS (SELECT 1 FROM ${parent} p WHERE ${same})`;
}
