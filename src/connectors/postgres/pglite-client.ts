import { StandinError } from "../../errors.ts";
import type { CopyIn, PostgresClient } from "./postgres-client.ts";
import { toFailure } from "./postgres-errors.ts";

/** What standin uses of a PGlite database (`@electric-sql/pglite`). */
export interface PGliteLike {
  query(
    sql: string,
    parameters?: unknown[],
    options?: { rowMode?: "array" | "object"; blob?: Blob; parsers?: Record<number, (text: string) => unknown> },
  ): Promise<{ rows: unknown[]; affectedRows?: number; blob?: Blob }>;
  exec(sql: string): Promise<unknown>;
}

const CHUNK_BYTES = 64 * 1024;

/** JSON stays text, as everything does. */
const PARSERS = { 114: (text: string) => text };

/**
 * Lets `postgresSource` and `postgresSink` work on an embedded PGlite database. Give each its own: a PGlite has one session, which is busy with one
 * transaction until the source or sink closes.
 *
 * The database stays the caller's to close. COPY goes through `/dev/blob`, so each table is held in memory once.
 */
export function pgliteClient(db: PGliteLike): PostgresClient {
  let stopped: StandinError | null = null;

  async function run<Result>(start: () => Promise<Result>): Promise<Result> {
    if (stopped !== null) throw stopped;
    try {
      return await start();
    } catch (error) {
      throw toFailure(error) ?? new StandinError("SOURCE_FAILED", "The embedded PostgreSQL failed.");
    }
  }

  return {
    async query(sql, parameters = []) {
      const { rows } = await run(() => db.query(sql, [...parameters], { rowMode: "array", parsers: PARSERS }));
      return rows as (string | null)[][];
    },
    async script(sql) {
      await run(() => db.exec(sql));
    },
    async *copyOut(sql) {
      const { blob, affectedRows = 0 } = await run(() => db.query(sql.replace(/TO STDOUT$/, "TO '/dev/blob'")));
      for (let from = 0; blob !== undefined && from < blob.size; from += CHUNK_BYTES) {
        if (stopped !== null) throw stopped;
        yield new Uint8Array(await blob.slice(from, from + CHUNK_BYTES).arrayBuffer());
      }
      return affectedRows;
    },
    async copyIn(sql): Promise<CopyIn> {
      const parts: Uint8Array<ArrayBuffer>[] = [];
      return {
        async write(bytes) {
          parts.push(Uint8Array.from(bytes));
        },
        async end() {
          const options = { blob: new Blob(parts) };
          const { affectedRows = 0 } = await run(() => db.query(sql.replace(/FROM STDIN$/, "FROM '/dev/blob'"), [], options));
          return affectedRows;
        },
        async abort() {
          parts.length = 0;
        },
      };
    },
    stop(reason) {
      stopped ??= reason;
    },
    async close() {
      // Outside a transaction this is a warning, no error.
      await db.exec("ROLLBACK").catch(() => {});
    },
  };
}
