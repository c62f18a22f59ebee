import type { SystemName } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import type { DumpScript } from "../../formats/dump-script.ts";
import { mysqlDumpScript } from "../../formats/mysql-dump/mysql-dump-script.ts";
import { postgresDumpScript } from "../../formats/postgres-dump/postgres-dump-script.ts";

const SCRIPTS: readonly DumpScript[] = [postgresDumpScript, mysqlDumpScript];

/** How a dump of a source's system is written. Throws SYSTEMS_UNSUPPORTED for a system without dumps. */
export function dumpScriptOf(system: SystemName): DumpScript {
  const script = SCRIPTS.find((one) => one.system === system);
  if (script !== undefined) return script;
  throw new StandinError("SYSTEMS_UNSUPPORTED", `Rows of ${system} cannot be written as a dump.`, {
    hint: "A target masked.sql takes PostgreSQL, MySQL and MariaDB, live or from a dump; take a folder of CSV files or a database for others.",
  });
}
