import { StandinError, type StandinErrorCode } from "../../errors.ts";
import {
  cancelledHint,
  networkReason,
  type Reason,
  type Side,
  statementLimit,
  unknownReason,
  unreachable,
} from "../database-errors.ts";

/** What locates a server's error. The driver's message and sql are left behind: they quote rows. */
export class MysqlFailure extends Error {
  readonly errno: number;
  readonly sqlState: string;

  constructor(errno: number, sqlState: string) {
    super(`error ${errno}`);
    this.name = "MysqlFailure";
    this.errno = errno;
    this.sqlState = sqlState;
  }
}

/** The failure that a driver's error tells of, null where the server did not speak: then the connection is gone. */
export function toFailure(error: unknown): MysqlFailure | null {
  if (error instanceof MysqlFailure) return error;
  if (typeof error !== "object" || error === null) return null;
  const { errno, sqlState } = error as Record<string, unknown>;
  if (typeof errno !== "number" || errno < 1000) return null;
  return new MysqlFailure(errno, typeof sqlState === "string" && /^[0-9A-Z]{5}$/.test(sqlState) ? sqlState : "HY000");
}

/**
 * Errors after which the server hangs up: shutdown (1053), forced close (1080), killed connections (1927 in MariaDB, 3169 in MySQL), time-outs of the
 * network and of an idle session.
 */
export function endsSession(errno: number): boolean {
  return [1053, 1080, 1152, 1158, 1159, 1160, 1161, 1184, 1927, 3169, 4031].includes(errno);
}

/** Rebuilds what went wrong in a session as a StandinError. `doing` completes "… while". */
export function fromMysqlError(error: unknown, side: Side, doing: string, table?: string): unknown {
  if (!(error instanceof MysqlFailure)) return error;
  const [code, what, hint] = describe(error, side);
  return new StandinError(code, `${what} while ${doing} (error ${error.errno}, SQLSTATE ${error.sqlState}).`, { table, hint });
}

type Description = readonly [code: StandinErrorCode, what: string, hint: string | undefined];

function describe({ errno, sqlState }: MysqlFailure, side: Side): Description {
  const failed: StandinErrorCode = side === "source" ? "SOURCE_FAILED" : "SINK_FAILED";
  switch (errno) {
    case 1044:
    case 1142:
    case 1143:
    case 1227:
    case 1370:
      return ["PRIVILEGE_MISSING", `The ${side}'s user lacks a privilege`, privilegeHint(side)];
    case 1419:
      return [
        "PRIVILEGE_MISSING",
        `The ${side}'s server writes a binary log, and has no triggers and functions made by the ${side}'s user`,
        "SET GLOBAL log_bin_trust_function_creators = 1 there, or GRANT the user SUPER.",
      ];
    case 1205:
    case 1213:
      return ["SINK_FAILED", `Another session holds a lock on the ${side}'s tables`, "Stop what uses the tables, and run again."];
    case 1412:
      return [failed, "A table of the source was changed after the snapshot", "Run again when the migration is over."];
    case 1969:
    case 3024:
      return [
        failed,
        `The ${side}'s server ran out of the time that the statement has`,
        side === "source"
          ? `Look for a lock, a costly computed column or an overloaded server; ${statementLimit}.`
          : "Look for a lock, a costly computed column or an overloaded server.",
      ];
    case 3750:
      return [
        failed,
        `The ${side}'s server takes no table without a primary key`,
        "Give each table one in the source, or SET GLOBAL sql_require_primary_key = OFF there.",
      ];
    case 1317:
      return [failed, `The ${side}'s server cancelled the statement`, cancelledHint(side)];
    case 1021:
    case 1114:
      return [failed, `The ${side}'s server is out of room`, "Give it disk or memory."];
    case 1153:
      return [
        "SINK_REJECTED",
        "A row is larger than the target takes at once",
        "Raise max_allowed_packet or allow local_infile on the target.",
      ];
  }
  if (side === "target" && (sqlState.startsWith("22") || sqlState.startsWith("23"))) {
    return [
      "SINK_REJECTED",
      "The target's server refused a row",
      "See which rule of the policy writes the column, and what the target's table allows.",
    ];
  }
  return [failed, `The ${side}'s server reported an error`, "The server's manual explains its number."];
}

function privilegeHint(side: Side): string {
  if (side === "source") return "GRANT SELECT, SHOW VIEW, TRIGGER on the database.";
  return "GRANT ALL on the target's database; triggers and views of other definers also need SET USER (MySQL: SET_ANY_DEFINER, before 8.2 SET_USER_ID).";
}

/** A connection that could not be made, in words that tell what to look at. Never quotes the password or the driver. */
export function mysqlUnreachable(error: unknown, side: Side, place: string): StandinError {
  return unreachable(side, place, reasonOf(error));
}

function reasonOf(error: unknown): Reason {
  const { code, errno } = (typeof error === "object" && error !== null ? error : {}) as { code?: unknown; errno?: unknown };
  switch (errno) {
    case 1045:
    case 1698:
      return ["refuses the user or the password", "Check both in the URL; characters such as @ and / must be percent-encoded."];
    case 1044:
      return ["does not let this user into the database", "GRANT the user privileges on it, or check its name."];
    case 1049:
      return ["has no such database", "Check the database's name, or create it."];
    case 1040:
    case 1203:
    case 1226:
      return ["has no connection to spare", "Close other sessions, or raise max_connections, or the user's limit."];
    case 1130:
      return ["does not let connections in from here", "See the host part of the user's account."];
  }
  if (
    code === "HANDSHAKE_NO_SSL_SUPPORT" ||
    code === "HANDSHAKE_SSL_ERROR" ||
    (typeof code === "string" && /CERT|TLS|SSL/.test(code))
  ) {
    return ["and this client cannot agree on TLS", "Check ssl-mode and ssl-ca in the URL."];
  }
  return networkReason(code) ?? unknownReason(code);
}
