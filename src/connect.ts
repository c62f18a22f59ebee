import type { RowEncoder, RowEncoding, ShardReader, Sink, Source, SystemName, TableToWrite } from "./contracts.ts";
import { StandinError } from "./errors.ts";
import type { SourceLimits } from "./source-limits.ts";
import type { StandingDatabase } from "./standing-database.ts";

/**
 * Makes the source that a location names: `postgres://…`, `mysql://…` (or `mariadb://…`), else a CSV file, folder or glob. Loads that connector
 * and its driver alone, and connects to nothing yet.
 */
export async function connectSource(location: string | Source | undefined, limits: SourceLimits = {}): Promise<Source> {
  if (typeof location === "object") {
    const { connections, statementSeconds } = limits;
    if (connections === undefined && statementSeconds === undefined) return location;
    throw new StandinError("OPTION_INVALID", "A source made by a connector keeps its own sessions and statements.", {
      hint: "Give connections and statementSeconds to the connector: postgresSource({ url, limits: { … } }).",
    });
  }
  const [system, place] = parseLocation(location, "source");
  if (system === "postgres") return (await import("./connectors/postgres/index.ts")).postgresSource({ url: place, limits });
  if (system === "mysql") return (await import("./connectors/mysql/index.ts")).mysqlSource({ url: place, limits });
  return (await import("./connectors/csv/index.ts")).csvSource({ paths: place });
}

/** Makes the sink that a location names: as `connectSource`, with a folder for CSV. */
export async function connectSink(location: string | Sink | undefined): Promise<Sink> {
  if (typeof location === "object") return location;
  const [system, place] = parseLocation(location, "target");
  if (system === "postgres") return (await import("./connectors/postgres/index.ts")).postgresSink({ url: place });
  if (system === "mysql") return (await import("./connectors/mysql/index.ts")).mysqlSink({ url: place });
  return (await import("./connectors/csv/index.ts")).csvSink({ folder: place });
}

/** Makes what masks the database that a location names where it stands. CSV files are masked by a copy. */
export async function connectStanding(location: string | undefined): Promise<StandingDatabase> {
  const [system, place] = parseLocation(location, "target");
  if (system === "postgres") return (await import("./connectors/postgres/index.ts")).standingPostgres({ url: place });
  if (system === "mysql") return (await import("./connectors/mysql/index.ts")).standingMysql({ url: place });
  throw new StandinError("LOCATION_INVALID", "Files are not masked in place.", {
    hint: "Name the database: postgres://… or mysql://…. Files are masked into another folder, by `standin run`.",
  });
}

/** Loads what makes readers, for threads of their own, of a snapshot that a source of this system shares. */
export async function readersOf(system: SystemName): Promise<(reader: unknown) => ShardReader> {
  if (system === "postgres") return (await import("./connectors/postgres/index.ts")).postgresReader;
  if (system === "mysql") {
    const { loadDriver, mysqlReader } = await import("./connectors/mysql/index.ts");
    // Now rather than when the reader joins: writers of the source wait until it has.
    await loadDriver();
    return mysqlReader;
  }
  if (system === "csv") return (await import("./connectors/csv/index.ts")).csvReader;
  throw new TypeError(`Nothing reads a shared snapshot of ${system}.`);
}

/** Makes what writes rows out as a sink wants them. */
export async function connectEncoder({ system, how }: RowEncoding, table: TableToWrite): Promise<RowEncoder> {
  if (system === "postgres") return (await import("./connectors/postgres/index.ts")).postgresEncoder(how, table);
  if (system === "mysql") return (await import("./connectors/mysql/index.ts")).mysqlEncoder(how, table);
  if (system === "csv") return (await import("./connectors/csv/index.ts")).csvEncoder(how, table);
  throw new TypeError(`Nothing writes rows out for ${system}.`);
}

const HOW_TO_WRITE = "Write postgres://user:password@host:port/database or mysql://user:password@host:port/database.";

function parseLocation(location: string | undefined, role: "source" | "target"): ["postgres" | "mysql" | "csv", string] {
  if (location === undefined || location.trim() === "") {
    throw new StandinError("LOCATION_INVALID", `The policy has no ${role}.`, {
      hint: `Set ${role} to postgres://…, mysql://… or a path of CSV files. An environment variable that is not set counts as none.`,
    });
  }
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(location)?.[1]?.toLowerCase();
  if (scheme === undefined && !/^(?:postgres(?:ql)?|mysql|mariadb):/i.test(location)) return ["csv", location];
  if (scheme === "postgres" || scheme === "postgresql") return ["postgres", location];
  if (scheme === "mysql" || scheme === "mariadb") return ["mysql", location.replace(/^mariadb:/i, "mysql:")];
  // A URL with a slash too few is no path, and the message about a path that does not exist would show its password.
  if (scheme === undefined)
    throw new StandinError("LOCATION_INVALID", `The ${role}'s URL cannot be read.`, { hint: HOW_TO_WRITE });
  throw new StandinError("LOCATION_INVALID", `There is no connector for ${scheme}:// as a ${role}.`, {
    hint: "Use postgres://…, mysql://… or a path of CSV files.",
  });
}
