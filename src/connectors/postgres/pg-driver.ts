import type { Duplex, Writable } from "node:stream";
import { StandinError } from "../../errors.ts";

/**
 * What standin uses of `pg` and `pg-copy-streams`. Written down here because neither ships types, and theirs from elsewhere would have to be
 * installed by everybody who imports ours.
 */
export interface PgDriver {
  readonly host: string;
  readonly port: number;
  readonly user: string | undefined;
  readonly database: string | undefined;
  readonly password: unknown;
  /** The server's process, as the server or who stands before it told when the session began. */
  readonly processID: number | null;
  readonly connection: PgConnection;
  connect(): Promise<unknown>;
  query(config: { text: string; values?: readonly string[]; rowMode: "array" }): Promise<{ rows: (string | null)[][] }>;
  query(script: string): Promise<unknown>;
  query<Query extends PgSubmittable | CopyInStream>(query: Query): Query;
  end(): Promise<void>;
  on(event: "error" | "end", listener: () => void): void;
}

/** A session's line to the server. */
export interface PgConnection {
  /** The socket, or what speaks TLS over it. */
  readonly stream: Duplex;
  query(sql: string): void;
}

/** A query that goes its own way: the driver starts it when its turn comes, and hands it what the server says. */
export interface PgSubmittable {
  submit(connection: PgConnection): void;
  handleError(error: unknown): void;
  handleCommandComplete(message: { readonly text: string }): void;
  handleReadyForQuery(): void;
}

export type CopyInStream = Writable & { readonly rowCount: number };

interface PgModule {
  readonly Client: new (config: Record<string, unknown>) => PgDriver;
}

export interface CopyModule {
  from(sql: string): CopyInStream;
}

/** Loads the driver on first use, so that those who copy CSV alone never do. */
export async function loadDriver(): Promise<{ readonly pg: PgModule; readonly copy: CopyModule }> {
  try {
    const [{ default: pg }, { default: copy }] = await Promise.all([import("pg"), import("pg-copy-streams")]);
    return { pg: pg as unknown as PgModule, copy: copy as unknown as CopyModule };
  } catch {
    throw new StandinError("DRIVER_MISSING", "PostgreSQL needs the packages pg and pg-copy-streams.", {
      hint: "npm install pg pg-copy-streams",
    });
  }
}
