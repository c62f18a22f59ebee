import { dirname } from "node:path";
import { StandinError } from "./errors.ts";

/** The connectors that a location can name. */
export type ConnectorName = "postgres" | "mysql" | "csv" | "jsonl" | "parquet" | "sqlite" | "dump";

/** A connector, and the place in the words that it takes: a URL, a path, a name with `*`; for files as a target, their folder. */
export interface Place {
  readonly connector: ConnectorName;
  readonly place: string;
  /** Set for a target whose files are to be packed, or not: `./out/*.jsonl.gz`. */
  readonly gzip?: boolean;
}

/** A URL's scheme. `sqlite:` takes a path rather than a host. */
const SCHEMES: ReadonlyMap<string, ConnectorName> = new Map([
  ["postgres", "postgres"],
  ["postgresql", "postgres"],
  ["mysql", "mysql"],
  ["mariadb", "mysql"],
  ["sqlite", "sqlite"],
]);

/** How a file's name ends. Any other path is of CSV: a file, a folder, a name with `*`. */
const ENDINGS: readonly (readonly [ending: RegExp, connector: ConnectorName])[] = [
  [/\.(jsonl|ndjson)(\.gz)?$/i, "jsonl"],
  [/\.parquet$/i, "parquet"],
  [/\.(sqlite3?|db)$/i, "sqlite"],
  [/\.(sql(\.gz)?|dump)$/i, "dump"],
];

const KNOWN = "postgres://…, mysql://…, a path of CSV, JSON Lines (.jsonl), Parquet or SQL dump files, or a SQLite file (.db)";
const HOW_TO_WRITE = "Write postgres://user:password@host:port/database or mysql://user:password@host:port/database.";

/** Tells which connector a location names. Looks at its text alone; throws LOCATION_INVALID, without the location where it may hold a password. */
export function locate(location: string | undefined, role: "source" | "target"): Place {
  if (location === undefined || location.trim() === "") {
    throw new StandinError("LOCATION_INVALID", `The policy has no ${role}.`, {
      hint: `Set ${role} to ${KNOWN}. An environment variable that is not set counts as none.`,
    });
  }
  const scheme = /^([a-z][a-z0-9+.-]*):/i.exec(location)?.[1]?.toLowerCase();
  const connector = SCHEMES.get(scheme ?? "");
  if (connector === "sqlite") return { connector, place: location.replace(/^sqlite:(\/\/)?/i, "") };
  const isUrl = /^[a-z][a-z0-9+.-]+:\/\//i.test(location);
  if (connector !== undefined && isUrl) return { connector, place: location.replace(/^mariadb:/i, "mysql:") };
  // A URL with a slash too few is no path, and the message about a path that does not exist would show its password.
  if (connector !== undefined)
    throw new StandinError("LOCATION_INVALID", `The ${role}'s URL cannot be read.`, { hint: HOW_TO_WRITE });
  if (isUrl)
    throw new StandinError("LOCATION_INVALID", `There is no connector for ${scheme}:// as a ${role}.`, { hint: `Use ${KNOWN}.` });
  return locateFiles(location, role);
}

function locateFiles(path: string, role: "source" | "target"): Place {
  const connector = ENDINGS.find(([ending]) => ending.test(path))?.[1] ?? "csv";
  if (role === "source" || connector === "sqlite" || connector === "dump") return { connector, place: path };
  // A target of many files is named by what they all are: ./out/*.jsonl.
  if (/(^|[/\\])\*\.[^/\\*]+$/.test(path)) return { connector, place: dirname(path), gzip: /\.gz$/i.test(path) };
  // A plain path is the folder for files of CSV, whatever its name.
  if (connector === "csv") return { connector, place: path };
  throw new StandinError("LOCATION_INVALID", `The target ${path} is one file, and each table becomes a file of its own.`, {
    hint: `Name the folder and what its files are: ./out/*.${connector}.`,
  });
}
