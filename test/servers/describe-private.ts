import { describeWhere } from "./describe-where.ts";
import { mysqlBinary } from "./private-mysql.ts";
import { postgresBinaries } from "./private-postgres.ts";

/** Describes a suite that treats a server as nobody treats one that others use. */
const describePrivate = (hasPrograms: boolean, programs: string) => (name: string, suite: () => void) =>
  describeWhere(hasPrograms, "No server of our own to test against", `install ${programs}`, name, suite);

export const describeWithOwnPostgres = describePrivate(postgresBinaries() !== null, "PostgreSQL's server programs");
export const describeWithOwnMysql = describePrivate(mysqlBinary() !== null, "MariaDB's server programs");
