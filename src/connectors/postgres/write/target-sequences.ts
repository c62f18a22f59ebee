import type { CatalogTable } from "../postgres-catalog.ts";
import { type PostgresClient, queryJson } from "../postgres-client.ts";

interface SequenceRow {
  /** The quoted name. */
  readonly sequence: string;
  readonly increment: string;
  readonly min: string;
  readonly max: string;
  /** Queries for the largest and smallest value of each column that the sequence fills. */
  readonly extremes: readonly string[];
}

/** Which sequence fills which column: behind an identity or serial column, or named by a default. */
export const SEQUENCE_USES = `
    SELECT d.objid AS sequence, d.refobjid AS relation, d.refobjsubid AS attribute
      FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
     WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass
       AND d.deptype IN ('a', 'i')
     UNION
    SELECT s.oid, f.adrelid, f.adnum
      FROM pg_catalog.pg_depend d
      JOIN pg_catalog.pg_attrdef f ON f.oid = d.objid
      JOIN pg_catalog.pg_class s ON s.oid = d.refobjid AND s.relkind = 'S'
     WHERE d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass`;

const SEQUENCES = `
  WITH written AS (
    SELECT o::pg_catalog.oid AS oid FROM pg_catalog.json_array_elements_text($1::text::json) o),
  uses AS (${SEQUENCE_USES})
  SELECT pg_catalog.json_build_object(
           'sequence', pg_catalog.format('%I.%I', sn.nspname, s.relname),
           'increment', q.seqincrement::text, 'min', q.seqmin::text, 'max', q.seqmax::text,
           'extremes', pg_catalog.json_agg(pg_catalog.format(
             'SELECT pg_catalog.trunc(pg_catalog.max(%1$I)::numeric)::text, pg_catalog.trunc(pg_catalog.min(%1$I)::numeric)::text FROM %2$s%3$I.%4$I',
             a.attname, CASE WHEN c.relkind = 'p' THEN '' ELSE 'ONLY ' END, n.nspname, c.relname)))::text
    FROM uses u
    JOIN written w ON w.oid = u.relation
    JOIN pg_catalog.pg_attribute a ON a.attrelid = u.relation AND a.attnum = u.attribute
    JOIN pg_catalog.pg_type t ON t.oid = a.atttypid AND t.typcategory = 'N'
    JOIN pg_catalog.pg_class c ON c.oid = u.relation
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    JOIN pg_catalog.pg_class s ON s.oid = u.sequence
    JOIN pg_catalog.pg_namespace sn ON sn.oid = s.relnamespace
    JOIN pg_catalog.pg_sequence q ON q.seqrelid = s.oid
   GROUP BY sn.nspname, s.relname, q.seqincrement, q.seqmin, q.seqmax`;

/**
 * Moves each sequence past the values that the rows brought, never back: other tables may draw from it. By ALTER SEQUENCE, which a rollback undoes;
 * `setval` it would not.
 */
export async function advanceSequences(client: PostgresClient, tables: readonly CatalogTable[]): Promise<void> {
  const parameters = [JSON.stringify(tables.map(({ oid }) => oid))];
  for (const row of await queryJson<SequenceRow>(client, SEQUENCES, parameters)) {
    const [[last, isCalled]] = (await client.query(`SELECT last_value::text, is_called::text FROM ${row.sequence}`)) as [
      [string, string],
    ];
    const increment = BigInt(row.increment);
    const taken: bigint[] = [];
    for (const extremes of row.extremes) {
      const found = (await client.query(extremes))[0]![increment > 0n ? 0 : 1];
      if (found !== undefined && found !== null && /^-?\d+$/.test(found)) taken.push(BigInt(found));
    }
    const upcoming = BigInt(last) + (isCalled === "true" ? increment : 0n);
    const next = nextFree(upcoming, increment, taken);
    // Past its end a sequence cannot start; it is left as it is, and its next value will tell.
    if (next !== upcoming && next >= BigInt(row.min) && next <= BigInt(row.max)) {
      await client.script(`ALTER SEQUENCE ${row.sequence} RESTART WITH ${next}`);
    }
  }
}

/** The first value of a sequence, from the upcoming one on and in its own steps, that lies past every taken one. */
export function nextFree(upcoming: bigint, increment: bigint, taken: readonly bigint[]): bigint {
  let next = upcoming;
  for (const value of taken) {
    const steps = (value - next) / increment;
    const isAhead = increment > 0n ? value >= next : value <= next;
    if (isAhead) next += (steps + 1n) * increment;
  }
  return next;
}
