import type { SystemName } from "../contracts.ts";

/** A place where former values stay after they were overwritten in their table. */
export interface Remainder {
  readonly where: string;
  /** What takes them away, in words or as statements. */
  readonly remedy: string;
}

interface Place extends Remainder {
  /** What is left there once `clean` was done, null for nothing. @default the same */
  readonly cleaned?: Remainder | null;
}

const POSTGRES: readonly Place[] = [
  {
    where: "dead rows in the tables' files, and old entries of their indexes",
    remedy: "VACUUM FULL each table (standin mask --clean, or the statements below)",
    cleaned: null,
  },
  {
    where: "most common values and histograms in pg_stats",
    remedy: "ANALYZE each table (--clean does)",
    cleaned: null,
  },
  { where: "WAL, its archive, and replication slots", remedy: "CHECKPOINT, drop slots, delete the archive since the restore" },
  { where: "standbys and backups made since the restore", remedy: "make them anew, delete the old ones" },
  {
    where: "the server's log (statements of others, errors that quote rows), pg_stat_statements",
    remedy: "delete the log; SELECT pg_stat_statements_reset()",
  },
  {
    where: "large objects, dropped columns, unlogged copies of users",
    remedy: "look at pg_largeobject and at schemas that the policy leaves",
  },
  {
    where: "the disk's free blocks, snapshots of the volume, the backup's file itself",
    remedy: "dump the masked database and restore the dump on a fresh volume",
  },
];

const MYSQL: readonly Place[] = [
  {
    where: "purged rows and old entries of indexes in the tables' files",
    remedy: "OPTIMIZE TABLE each (standin mask --clean, or the statements below)",
    cleaned: null,
  },
  {
    where: "statistics and histograms of the optimizer",
    remedy: "ANALYZE TABLE each (--clean does); ANALYZE TABLE … DROP HISTOGRAM; on MariaDB DELETE FROM mysql.column_stats",
    cleaned: {
      where: "histograms of the optimizer",
      remedy: "ANALYZE TABLE … DROP HISTOGRAM; on MariaDB DELETE FROM mysql.column_stats",
    },
  },
  { where: "the binary log and the relay logs of replicas", remedy: "PURGE BINARY LOGS BEFORE NOW()" },
  { where: "undo and redo log, doublewrite buffer", remedy: "SET GLOBAL innodb_fast_shutdown = 0 and restart the server" },
  { where: "the general and the slow log", remedy: "FLUSH LOGS, and delete the old files" },
  { where: "replicas and backups made since the restore", remedy: "make them anew, delete the old ones" },
  {
    where: "the disk's free blocks, snapshots of the volume, the backup's file itself",
    remedy: "dump the masked database and restore the dump on a fresh volume",
  },
];

/** Where former values stay after masking in place: no UPDATE reaches them. */
export function whatStays(system: SystemName, isCleaned: boolean): readonly Remainder[] {
  return (system === "postgres" ? POSTGRES : MYSQL).flatMap(({ cleaned, ...place }) => {
    if (!isCleaned || cleaned === undefined) return [place];
    return cleaned === null ? [] : [cleaned];
  });
}
