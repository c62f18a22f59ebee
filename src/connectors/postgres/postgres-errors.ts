import { StandinError, type StandinErrorCode, type StandinErrorDetails } from "../../errors.ts";
import {
  brokenReference,
  cancelledHint,
  networkReason,
  type Reason,
  type Side,
  unknownReason,
  unreachable,
} from "../database-errors.ts";

/** What locates a server's error. The driver's message, detail, hint and context are left behind: they quote rows. */
export class PostgresFailure extends Error {
  readonly sqlState: string;
  readonly schema: string | undefined;
  readonly table: string | undefined;
  readonly column: string | undefined;
  readonly constraint: string | undefined;
  /** The row of a COPY FROM, from 1. */
  readonly row: number | undefined;

  constructor(sqlState: string, names: Partial<Record<"schema" | "table" | "column" | "constraint", unknown>>, where: unknown) {
    super(`SQLSTATE ${sqlState}`);
    this.name = "PostgresFailure";
    const place = copyPlace(where);
    this.sqlState = sqlState;
    this.schema = asName(names.schema);
    this.table = asName(names.table);
    this.column = asName(names.column) ?? place.column;
    this.constraint = asName(names.constraint);
    this.row = place.row;
  }
}

const asName = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** Reads `COPY t, line 3, column c: "…"` up to where a value may start. */
function copyPlace(where: unknown): { row?: number; column?: string } {
  if (typeof where !== "string" || !where.startsWith("COPY ")) return {};
  const match = /^[^\n]*?, line (\d{1,15})(?:, column ([^:\n]+))?/.exec(where.split(': "', 1)[0]!);
  if (match === null) return {};
  return { row: Number(match[1]), ...(match[2] === undefined ? {} : { column: match[2] }) };
}

/** The failure that a driver's error tells of, null where the server did not speak: then the connection is gone. */
export function toFailure(error: unknown): PostgresFailure | null {
  if (error instanceof PostgresFailure) return error;
  if (typeof error !== "object" || error === null) return null;
  const { code, schema, table, column, constraint, where } = error as Record<string, unknown>;
  if (typeof code !== "string" || !/^[0-9A-Z]{5}$/.test(code)) return null;
  return new PostgresFailure(code, { schema, table, column, constraint }, where);
}

/** SQLSTATEs after which the server hangs up: shutdown, termination, crash, time-outs of an idle session, and class 08. */
export function endsSession(sqlState: string): boolean {
  return ["57P01", "57P02", "57P03", "57P04", "57P05", "25P03", "25P04"].includes(sqlState) || sqlState.startsWith("08");
}

/** Rebuilds what went wrong in a session as a StandinError. `doing` completes "… while". */
export function fromPostgresError(error: unknown, side: Side, doing: string, table?: string): unknown {
  if (!(error instanceof PostgresFailure)) return error;
  const { sqlState, column, constraint, row } = error;
  const where = [
    `SQLSTATE ${sqlState}`,
    constraint && `constraint ${constraint}`,
    column && `column ${column}`,
    row && `row ${row}`,
  ].filter(Boolean);
  const [code, what, hint] = describe(sqlState, side);
  const details: StandinErrorDetails = { table: table ?? error.table, column, row, hint };
  return new StandinError(code, `${what} while ${doing} (${where.join(", ")}).`, details);
}

/** A row that points nowhere, found when the foreign keys came back. Other errors pass. */
export function asBrokenReference(error: unknown): unknown {
  if (!(error instanceof PostgresFailure) || error.sqlState !== "23503") return error;
  return brokenReference(error.table, error.constraint);
}

type Description = readonly [code: StandinErrorCode, what: string, hint: string | undefined];

function describe(sqlState: string, side: Side): Description {
  const server = `The ${side}'s server`;
  if (sqlState === "42501") return ["PRIVILEGE_MISSING", `The ${side}'s role lacks a privilege`, privilegeHint(side)];
  if (sqlState === "55P03" || sqlState === "40P01") {
    return [failed(side), `Another session holds a lock on the ${side}'s tables`, "Stop what uses the tables, and run again."];
  }
  if (sqlState === "57014") return [failed(side), `${server} cancelled the statement`, cancelledHint(side)];
  if (side === "target" && (sqlState.startsWith("22") || sqlState.startsWith("23"))) {
    return [
      "SINK_REJECTED",
      `${server} refused a row`,
      "See which rule of the policy writes the column, and what the target's table allows.",
    ];
  }
  // The table of locks, or memory itself.
  if (sqlState === "53200") {
    return [
      failed(side),
      `${server} is out of memory`,
      "Raise max_locks_per_transaction where there are many tables, or give it memory.",
    ];
  }
  if (sqlState.startsWith("53")) return [failed(side), `${server} is out of room`, "Give it disk, memory or connections."];
  return [failed(side), `${server} reported an error`, "The server's log has its message."];
}

const failed = (side: Side): StandinErrorCode => (side === "source" ? "SOURCE_FAILED" : "SINK_FAILED");

function privilegeHint(side: Side): string {
  if (side === "source") return "GRANT SELECT on the table, and BYPASSRLS where row-level security would hide rows.";
  return "Use the role that owns the target's tables, or, for an empty target, the database's owner.";
}

/** A connection that could not be made, in words that tell what to look at. Never quotes the password or the driver. */
export function postgresUnreachable(error: unknown, side: Side, place: string): StandinError {
  return unreachable(side, place, reasonOf(error));
}

function reasonOf(error: unknown): Reason {
  const { code, message } = (typeof error === "object" && error !== null ? error : {}) as { code?: unknown; message?: unknown };
  const text = typeof message === "string" ? message : "";
  switch (code) {
    case "28P01":
      return ["refuses the user or the password", "Check both in the URL; characters such as @ and / must be percent-encoded."];
    case "28000":
      return ["does not let this user in from here", "See pg_hba.conf on the server; it may demand TLS (?sslmode=require)."];
    case "3D000":
      return ["has no such database", "Check the database's name, or create it."];
    case "53300":
      return ["has no connection to spare", "Close other sessions, or raise max_connections."];
  }
  if (text.includes("timeout")) return networkReason("ETIMEDOUT")!;
  if (text.includes("SASL") || text.includes("assword")) {
    return ["wants a password, and none was given", "Put it in the URL, in PGPASSWORD or in ~/.pgpass."];
  }
  if (/SSL|TLS|certificate|self.signed/i.test(text)) {
    return ["and this client cannot agree on TLS", "Check sslmode and sslrootcert in the URL."];
  }
  return networkReason(code) ?? unknownReason(code);
}
