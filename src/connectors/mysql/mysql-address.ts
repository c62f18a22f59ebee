import { readFileSync } from "node:fs";
import { StandinError } from "../../errors.ts";
import type { Side } from "../database-errors.ts";

/** Whom to connect to. */
export interface MysqlAddress {
  readonly host: string;
  readonly port: number;
  readonly socket: string | null;
  readonly user: string | undefined;
  readonly password: string | undefined;
  readonly database: string;
  readonly tls: MysqlTls | null;
}

export interface MysqlTls {
  readonly rejectUnauthorized: boolean;
  readonly verifyIdentity: boolean;
  readonly ca?: Buffer;
}

const PARAMETERS = ["socket", "ssl-mode", "ssl-ca"];
const SSL_MODES = ["disabled", "required", "verify_ca", "verify_identity"];

/**
 * Reads `mysql://user:password@host:port/database`, with the parameters `socket`, `ssl-mode` and `ssl-ca` as the MySQL client names them. A password
 * that the URL lacks comes from MYSQL_PWD. Throws LOCATION_INVALID, and quotes nothing of the URL: it holds a password.
 */
export function parseMysqlUrl(url: string, side: Side): MysqlAddress {
  let parsed: URL;
  let user: string;
  let password: string;
  let database: string;
  try {
    parsed = new URL(url);
    user = decodeURIComponent(parsed.username);
    password = decodeURIComponent(parsed.password);
    database = decodeURIComponent(parsed.pathname.replace(/^\//, ""));
  } catch {
    throw invalid(side, "cannot be read", "characters such as @ and / in a password must be percent-encoded");
  }
  // A password with a bare / ends up in the database, which messages show.
  if (/[@/]/.test(database))
    throw invalid(side, "cannot be read", "characters such as @ and / in a password must be percent-encoded");
  if (database === "") throw invalid(side, "names no database", "the database is the last part");
  for (const name of parsed.searchParams.keys()) {
    if (!PARAMETERS.includes(name))
      throw invalid(side, "has an unknown parameter", `the known ones are ${PARAMETERS.join(", ")}`);
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, "");
  return {
    host: host === "" ? "127.0.0.1" : host,
    port: parsed.port === "" ? 3306 : Number(parsed.port),
    socket: parsed.searchParams.get("socket"),
    user: user === "" ? undefined : user,
    password: password === "" ? process.env.MYSQL_PWD : password,
    database,
    tls: parseTls(parsed.searchParams, side),
  };
}

function parseTls(parameters: URLSearchParams, side: Side): MysqlTls | null {
  const file = parameters.get("ssl-ca");
  const mode = (parameters.get("ssl-mode") ?? (file === null ? "disabled" : "verify_ca")).toLowerCase().replaceAll("-", "_");
  if (!SSL_MODES.includes(mode)) throw invalid(side, "has an unknown ssl-mode", `the known ones are ${SSL_MODES.join(", ")}`);
  if (mode === "disabled") return null;
  const tls = { rejectUnauthorized: mode !== "required", verifyIdentity: mode === "verify_identity" };
  if (file === null) return tls;
  try {
    return { ...tls, ca: readFileSync(file) };
  } catch {
    throw invalid(side, "names an ssl-ca that cannot be read", "it is the path of a PEM file");
  }
}

function invalid(side: Side, what: string, how: string): StandinError {
  return new StandinError("LOCATION_INVALID", `The ${side}'s URL ${what}.`, {
    hint: `Write mysql://user:password@host:port/database; ${how}.`,
  });
}
