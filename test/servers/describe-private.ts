import { describe } from "vitest";
import { mysqlBinary } from "./private-mysql.ts";
import { postgresBinaries } from "./private-postgres.ts";

/** Describes a suite that treats a server as nobody treats one that others use; without its programs it is skipped with a line that says so, and fails under CI=true. */
const describePrivate = (hasPrograms: boolean, programs: string) => (name: string, suite: () => void) => {
  if (hasPrograms) describe(name, suite);
  else if (process.env.CI === "true") throw new Error(`No server of our own to test against: install ${programs}.`);
  else describe.skip(`${name} (skipped: install ${programs})`, suite);
};

export const describeWithOwnPostgres = describePrivate(postgresBinaries() !== null, "PostgreSQL's server programs");
export const describeWithOwnMysql = describePrivate(mysqlBinary() !== null, "MariaDB's server programs");
