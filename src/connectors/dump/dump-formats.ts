import { StandinError } from "../../errors.ts";
import type { DumpFormat } from "../../formats/dump-format.ts";
import { mysqlDump } from "../../formats/mysql-dump/mysql-dump-format.ts";
import { postgresDump } from "../../formats/postgres-dump/postgres-dump.ts";

/** The programs whose dumps are read, as `--format` names them. */
const BY_NAME: Readonly<Record<string, DumpFormat>> = { pg_dump: postgresDump, mysqldump: mysqlDump };

/** The dump format of that name; undefined for a name of none. */
export function dumpFormatNamed(name: string): DumpFormat | undefined {
  return Object.hasOwn(BY_NAME, name) ? BY_NAME[name] : undefined;
}

/** Bytes from which a file tells what it is. */
export const SNIFF_BYTES = 4096;

/** Whether the first bytes are those of an archive, which pg_restore unpacks: custom format, directory, tar. */
export function isArchive(first: Uint8Array): boolean {
  const text = Buffer.from(first).toString("latin1", 0, 512);
  return text.startsWith("PGDMP") || text.startsWith("toc.dat\0");
}

/** Tells by a dump's first bytes which system it is of. Throws DUMP_INVALID where they do not say. */
export function sniffDump(first: Uint8Array, path: string): DumpFormat {
  const text = Buffer.from(first).toString("latin1");
  if (
    /^-- PostgreSQL database (?:cluster )?dump|^\\restrict |SET standard_conforming_strings = on;|^(?:COPY|CREATE TABLE|INSERT INTO) "?[\w$]+"?\."?[\w$]/m.test(
      text,
    )
  )
    return postgresDump;
  if (/^-- (?:MySQL|MariaDB) dump|^\/\*M?!\d|^(?:CREATE TABLE|INSERT INTO|DROP TABLE IF EXISTS) `/m.test(text)) return mysqlDump;
  throw new StandinError("DUMP_INVALID", `${path} is no dump that can be told by its beginning.`, {
    file: path,
    hint: "Dumps of pg_dump (plain, custom, directory, tar) and of mysqldump or mariadb-dump are read, packed by gzip or not.",
  });
}
