import { existsSync, readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import type { RowEncoder, RowEncoding, ShardReader, Sink, Source, SystemName, TableToWrite } from "./contracts.ts";
import { StandinError } from "./errors.ts";
import { type ConnectorName, locate } from "./location.ts";
import type { SourceLimits } from "./source-limits.ts";
import type { StandingDatabase } from "./standing-database.ts";

/**
 * Makes the source that a location names: `postgres://…`, `mysql://…` (or `mariadb://…`), else a file, folder or glob by how its name ends, CSV where it tells
 * nothing else. Loads that connector and its driver alone, and connects to nothing yet.
 */
export async function connectSource(location: string | Source | undefined, limits: SourceLimits = {}): Promise<Source> {
  if (typeof location === "object") {
    const { connections, statementSeconds } = limits;
    if (connections === undefined && statementSeconds === undefined) return location;
    throw new StandinError("OPTION_INVALID", "A source made by a connector keeps its own sessions and statements.", {
      hint: "Give connections and statementSeconds to the connector: postgresSource({ url, limits: { … } }).",
    });
  }
  const { connector, place } = locate(location, "source");
  switch (connector) {
    case "postgres":
      return (await import("./connectors/postgres/index.ts")).postgresSource({ url: place, limits });
    case "mysql":
      return (await import("./connectors/mysql/index.ts")).mysqlSource({ url: place, limits });
    case "dump":
      return (await import("./connectors/dump/index.ts")).dumpSource({ path: place });
    case "csv":
      // A folder of pg_dump's, or of mysqldump --tab, has no ending that would tell.
      if (isDumpFolder(place)) return (await import("./connectors/dump/index.ts")).dumpSource({ path: place });
      return (await import("./connectors/csv/index.ts")).csvSource({ paths: place });
    case "jsonl":
      return (await import("./connectors/jsonl/index.ts")).jsonlSource({ paths: place });
    case "parquet":
      return (await import("./connectors/parquet/index.ts")).parquetSource({ paths: place });
    case "sqlite":
      return (await import("./connectors/sqlite/index.ts")).sqliteSource({ path: place });
    default:
      throw unconnected(connector, "source");
  }
}

function isDumpFolder(place: string): boolean {
  if (existsSync(join(place, "toc.dat"))) return true;
  const names = existsSync(place) && statSync(place).isDirectory() ? readdirSync(place) : [];
  return names.some((name) => name.endsWith(".sql")) && !names.some((name) => name.endsWith(".csv"));
}

/**
 * Makes the sink that a location names, for rows of a source of that system, which a dump is of too: as `connectSource`; files of CSV are named by their folder, others by
 * it and their ending, `./out/*.jsonl`.
 */
export async function connectSink(location: string | Sink | undefined, system: SystemName = "memory"): Promise<Sink> {
  if (typeof location === "object") return location;
  const { connector, place, gzip } = locate(location, "target");
  switch (connector) {
    case "postgres":
      return (await import("./connectors/postgres/index.ts")).postgresSink({ url: place });
    case "mysql":
      return (await import("./connectors/mysql/index.ts")).mysqlSink({ url: place });
    case "dump": {
      const { dumpScriptOf, dumpSink } = await import("./connectors/dump/index.ts");
      return dumpSink({ path: place, script: dumpScriptOf(system) });
    }
    case "csv":
      return (await import("./connectors/csv/index.ts")).csvSink({ folder: place, gzip });
    case "jsonl":
      return (await import("./connectors/jsonl/index.ts")).jsonlSink({ folder: place, gzip });
    case "parquet":
      return (await import("./connectors/parquet/index.ts")).parquetSink({ folder: place });
    case "sqlite":
      return (await import("./connectors/sqlite/index.ts")).sqliteSink({ path: place });
    default:
      throw unconnected(connector, "target");
  }
}

/** Makes what masks the database that a location names where it stands. Files are masked by a copy. */
export async function connectStanding(location: string | undefined): Promise<StandingDatabase> {
  const { connector, place } = locate(location, "target");
  if (connector === "postgres") return (await import("./connectors/postgres/index.ts")).standingPostgres({ url: place });
  if (connector === "mysql") return (await import("./connectors/mysql/index.ts")).standingMysql({ url: place });
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

/** Makes a reader of what a source in another process sees, which lies at the same place: `elsewhere` as that source shared it. */
export async function connectElsewhere(
  location: string | Source | undefined,
  system: SystemName,
  elsewhere: unknown,
  { statementSeconds }: SourceLimits = {},
): Promise<ShardReader> {
  const make = await readersOf(system);
  if (system !== "postgres") return make(elsewhere);
  const url = locate(location as string, "source").place;
  return make({ ...(elsewhere as object), url, silenceSeconds: undefined, statementSeconds });
}

/** Makes what writes rows out as a sink wants them. */
export async function connectEncoder({ system, how }: RowEncoding, table: TableToWrite): Promise<RowEncoder> {
  if (system === "postgres") return (await import("./connectors/postgres/index.ts")).postgresEncoder(how, table);
  if (system === "mysql") return (await import("./connectors/mysql/index.ts")).mysqlEncoder(how, table);
  if (system === "csv") return (await import("./connectors/csv/index.ts")).csvEncoder(how, table);
  throw new TypeError(`Nothing writes rows out for ${system}.`);
}

/** For a connector that reads, and does not write, or is not there. */
function unconnected(connector: ConnectorName, role: "source" | "target"): StandinError {
  return new StandinError("LOCATION_INVALID", `There is no connector for ${connector} as a ${role}.`);
}
