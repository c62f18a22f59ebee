import type { StandinError } from "../../errors.ts";

/** Rows of `COPY … FROM STDIN` on their way to the server. */
export interface CopyIn {
  /** Resolves when the server wants more. One call at a time. */
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves with the rows that the server took. */
  end(): Promise<number>;
  /** Takes the rows back, leaving the connection usable. */
  abort(): Promise<void>;
}

/**
 * One session of a PostgreSQL server, as much of it as standin needs. Everything is text.
 *
 * Rejects with a `PostgresFailure` where the server refused, and with a StandinError where the connection is gone.
 */
export interface PostgresClient {
  query(sql: string, parameters?: readonly string[]): Promise<readonly (readonly (string | null)[])[]>;
  /** Runs any number of statements. */
  script(sql: string): Promise<void>;
  /** The bytes of `COPY … TO STDOUT`. Ends only after the server's word that it was the end, and returns the server's row count. */
  copyOut(sql: string): AsyncGenerator<Uint8Array, number>;
  /** Starts `COPY … FROM STDIN`. */
  copyIn(sql: string): Promise<CopyIn>;
  /** Ends the session at once. What is under way and what follows rejects with `reason`. */
  stop(reason: StandinError): void;
  close(): Promise<void>;
}

/** Runs a query whose one column is a JSON document per row. */
export async function queryJson<Document>(
  client: PostgresClient,
  sql: string,
  parameters: readonly string[] = [],
): Promise<Document[]> {
  const rows = await client.query(sql, parameters);
  return rows.map(([document]) => JSON.parse(document!) as Document);
}
