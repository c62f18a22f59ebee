import type { Readable } from "node:stream";
import { StandinError } from "../../errors.ts";

/** A packet that the server sent: its payload is `buffer[offset, end)`, valid during the call that hands it out. */
export interface MysqlPacket {
  readonly buffer: Buffer;
  readonly offset: number;
  readonly end: number;
  isEOF(): boolean;
}

export interface MysqlResult {
  readonly affectedRows: number;
  readonly warningStatus: number;
}

export interface MysqlQuery {
  readonly sql: string;
  readonly rowsAsArray: true;
  readonly typeCast: false;
  readonly infileStreamFactory?: () => Readable;
}

/** A query whose rows come as packets: `row` is called for each, and returns what to call for the next one. */
export interface MysqlRowQuery {
  row: (packet: MysqlPacket) => unknown;
  done(): null;
  on(event: "error", listener: (error: unknown) => void): void;
}

/** What standin uses of `mysql2`. Written down here so that nobody who imports our types needs the driver's. */
export interface MysqlDriver {
  readonly threadId: number | null;
  readonly stream: { destroy(): void };
  connect(done: (error: unknown) => void): void;
  query(query: MysqlQuery): MysqlRowQuery;
  query(query: MysqlQuery, done: (error: unknown, result: unknown) => void): unknown;
  pause(): void;
  resume(): void;
  end(done: () => void): void;
  on(event: "error" | "end", listener: () => void): void;
}

interface MysqlModule {
  createConnection(config: Record<string, unknown>): MysqlDriver;
}

/** Loads the driver on first use, so that those who copy CSV alone never do. */
export async function loadDriver(): Promise<MysqlModule> {
  try {
    return (await import("mysql2")).default as unknown as MysqlModule;
  } catch {
    throw new StandinError("DRIVER_MISSING", "MySQL and MariaDB need the package mysql2.", { hint: "npm install mysql2" });
  }
}
