import { readFileSync } from "node:fs";
import { isMariaDb, withMysqlSession } from "../servers/mysql-server.ts";
import { sharedData } from "../shared-data.ts";
import type { Sample } from "./sample-suite.ts";

/** By which a sample makes, and names, a database of its own: it is loaded into the one that the test has made. */
const OWN_DATABASE = /^(DROP|CREATE) (DATABASE|SCHEMA) .*$|^USE .*$|\bsakila\./gim;

const SHORT_TRIGGER = /^(CREATE TRIGGER [^;]*\sFOR EACH ROW SET [^;]*);\s*$/im;

const neosync = (folder: string) => sharedData("sql", "peer-fixtures", "neosync", "mysql", folder, "create-tables.sql");

/** Sample databases with what their README counts in them. */
export const MYSQL_SAMPLES: Readonly<Record<string, Sample>> = {
  sakila: {
    load: async (url) => {
      await loadScript(url, sharedData("sql", "sakila-mysql", "1-sakila-schema.sql"));
      await loadScript(url, sharedData("sql", "sakila-mysql", "2-sakila-data.sql"));
    },
    tables: 16,
    rows: 47_273,
    foreignKeys: 22,
  },
  chinook: {
    load: (url) => loadScript(url, sharedData("sql", "chinook", "Chinook_MySql.sql")),
    tables: 11,
    rows: 15_607,
    foreignKeys: 11,
  },
  alltypes: { load: (url) => loadScript(url, neosync("alltypes")), tables: 3, rows: 24, foreignKeys: 0 },
  edgecases: { load: (url) => loadScript(url, neosync("edgecases")), tables: 15, rows: 75, foreignKeys: 6 },
};

/** A value of each type that the server has. */
export function mysqlValues(): { readonly type: string; readonly sql: string }[] {
  const { values } = JSON.parse(readFileSync(sharedData("types", "mariadb-values.json"), "utf8")) as {
    values: { type: string; sql: string }[];
  };
  return isMariaDb ? values : values.filter(({ type }) => !/^(?:uuid|inet[46])$/.test(type));
}

/** Runs a script as the command-line client would: DELIMITER is the client's own word, which no server knows. */
async function loadScript(url: string, file: string): Promise<void> {
  const text = readFileSync(file, "utf8").replace(OWN_DATABASE, "");
  const [first, ...others] = text.split(/^DELIMITER +(\S+) *$/m);
  await withMysqlSession(url, async (session) => {
    for (const statement of first!.split(SHORT_TRIGGER)) if (!isBlank(statement)) await session.query(statement);
    for (let index = 0; index < others.length; index += 2) {
      const delimiter = others[index]!;
      const part = others[index + 1]!;
      // The server itself finds the ends of statements that end with a semicolon, also within a trigger's body.
      // MySQL takes the semicolon behind a trigger of one statement for a part of it, and can then not restore what its own mysqldump writes.
      const statements = part.split(delimiter === ";" ? SHORT_TRIGGER : delimiter);
      for (const statement of statements) if (!isBlank(statement)) await session.query(statement);
    }
  });
}

const isBlank = (sql: string): boolean => sql.replace(/^\s*--.*$/gm, "").trim() === "";
