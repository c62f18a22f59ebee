import type { Column, ColumnValues, SampleOptions } from "../../../contracts.ts";
import { asColumns, evenlySpread, SAMPLE_CHARACTERS, sampleRows } from "../../../sample-bounds.ts";
import type { CatalogTable } from "../postgres-catalog.ts";
import type { PostgresClient } from "../postgres-client.ts";
import { quoteName, quoteTable } from "../postgres-sql.ts";

/** A table of fewer pages is read from its start: TABLESAMPLE picks whole pages, and of few pages it may pick none. */
const FEW_PAGES = 200;
const PAGE_BYTES = 8_192;

/** Longest wait for a lock, and for the rows: a migration under way, or a view of columns that is costly to write out, must not hold a proposal up. */
const LIMITS = { lock_timeout: "5s", statement_timeout: "30s" };

/** Looks at rows of one table, within the snapshot under way, which survives whatever the server refuses. Gives up the locks that it took. */
export async function sampleTable(
  client: PostgresClient,
  found: CatalogTable,
  { columns, rows: most }: SampleOptions,
): Promise<readonly ColumnValues[]> {
  await client.script("SAVEPOINT standin_sample");
  try {
    await client.query(
      "SELECT pg_catalog.set_config(s.name, s.value, true) FROM pg_catalog.json_each_text($1::text::json) s (name, value)",
      [JSON.stringify(LIMITS)],
    );
    const wanted = sampleRows({ rows: most });
    const percentage = await shareToSample(client, found, wanted);
    const sampled = percentage === null ? [] : await client.query(sampleStatement(found, columns, 2 * wanted, percentage));
    // Pages that are nearly empty, or an estimate that is far off: the table's start is better than nothing.
    const isTooFew = sampled.length < wanted / 4;
    if (isTooFew) return asColumns(await client.query(sampleStatement(found, columns, wanted, null)), columns.length);
    // Cut evenly: the pages at the end count as much as those at the start.
    const rows = evenlySpread(sampled.length, wanted).map((index) => sampled[index]!);
    return asColumns(rows, columns.length);
  } finally {
    await client.script("ROLLBACK TO SAVEPOINT standin_sample; RELEASE SAVEPOINT standin_sample").catch(() => {});
  }
}

/** The percentage of pages that holds about the rows wanted, null where the table is small. */
async function shareToSample(client: PostgresClient, { oid, table }: CatalogTable, rows: number): Promise<number | null> {
  const [[bytes]] = (await client.query(
    `SELECT COALESCE(pg_catalog.sum(pg_catalog.pg_relation_size(p.relid)), pg_catalog.pg_relation_size($1::text::pg_catalog.oid))::text
       FROM pg_catalog.pg_partition_tree($1::text::pg_catalog.oid) p WHERE p.isleaf`,
    [oid],
  )) as [[string]];
  const pages = Number(bytes) / PAGE_BYTES;
  if (pages <= FEW_PAGES) return null;
  const { rowEstimate } = table;
  const share = rowEstimate === null ? FEW_PAGES / pages : (1.3 * rows) / rowEstimate;
  return share >= 0.5 ? null : Math.max(share, 2 / pages) * 100;
}

/** Values as text, cut on the server. Every run looks at the same pages. */
export function sampleStatement(
  { table, isPartitioned }: CatalogTable,
  columns: readonly Column[],
  rows: number,
  percentage: number | null,
): string {
  const list = columns.map(cutExpression).join(", ");
  const from = `${isPartitioned ? "" : "ONLY "}${quoteTable(table.ref)}`;
  const sample = percentage === null ? "" : ` TABLESAMPLE SYSTEM (${percentage.toFixed(6)}) REPEATABLE (0)`;
  return `SELECT ${list} FROM ${from}${sample} LIMIT ${rows}`;
}

function cutExpression({ name, kind, isPadded }: Column): string {
  const column = quoteName(name);
  // A slice of bytes is fetched without the rest, and written out as two digits each.
  if (kind === "bytes") return `pg_catalog.substring(${column}, 1, ${SAMPLE_CHARACTERS / 2})::text`;
  if (kind === "text" && !isPadded) return `pg_catalog.left(${column}::text, ${SAMPLE_CHARACTERS})`;
  // As COPY writes it: a cast to text trims padding and spells truth out.
  return `CASE WHEN pg_catalog.num_nulls(${column}) = 0 THEN pg_catalog.left(pg_catalog.format('%s', ${column}), ${SAMPLE_CHARACTERS}) END`;
}
