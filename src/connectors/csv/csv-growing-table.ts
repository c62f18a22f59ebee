import { createHash } from "node:crypto";
import { basename } from "node:path";
import { csvFormat } from "../../formats/csv/csv-format.ts";
import { tableName } from "../../table-ref.ts";
import { partialName } from "./csv-left-runs.ts";
import type { KeptShard, StagedTable } from "./csv-stage-state.ts";
import type { StagedCsv } from "./csv-staged.ts";
import type { CsvTarget } from "./csv-target.ts";

/** A table of the run under way. */
export interface GrowingTable extends StagedCsv {
  readonly name: string;
  readonly isGzip: boolean;
  readonly header: Buffer;
  /** In the order of the file. */
  shards: KeptShard[];
}

export function growingTable(target: CsvTarget, runId: string, shards: readonly KeptShard[]): GrowingTable {
  const name = tableName(target.toWrite.table.ref);
  return { ...target, name, partial: partialName(target.final, runId), shards: [...shards] };
}

/** As the state tells of it. */
export function stagedTable({ name, final, dialect, isGzip, header }: GrowingTable): StagedTable {
  const form = createHash("sha256")
    .update(JSON.stringify([csvFormat(dialect).id, isGzip]))
    .update(header)
    .digest("hex");
  return { table: name, file: basename(final), form: form.slice(0, 32) };
}
