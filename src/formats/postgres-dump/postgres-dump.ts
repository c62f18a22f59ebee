import type { ByteBatch } from "../../batch/byte-batch.ts";
import type { ByteWriter } from "../../batch/byte-writer.ts";
import { encodeBatch } from "../../batch/encode-batch.ts";
import type { RowBatch } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import type { DumpFormat, DumpPart, DumpReader } from "../dump-format.ts";
import { copyFormat } from "../postgres/copy-format.ts";
import type { PostgresDumpReader } from "./postgres-dump-reader.ts";
import { TimesDumpReader } from "./postgres-dump-times.ts";
import { postgresInsertFormat } from "./postgres-insert-format.ts";

const FAILED = "standin: the run failed, and this dump is not complete";

/** Plain dumps of pg_dump: COPY, --inserts, --column-inserts, --rows-per-insert. */
export const postgresDump: DumpFormat = {
  system: "postgres",
  tablesComeFirst: true,

  reader(former?: DumpReader): DumpReader {
    return new TimesDumpReader(former as PostgresDumpReader | undefined);
  },

  writeRows(batch: RowBatch, writer: ByteWriter): void {
    const { format, columnCount } = batch as ByteBatch;
    const from = writer.position;
    encodeBatch(batch, columnCount, format.id === copyFormat.id ? copyFormat : postgresInsertFormat, writer);
    refuseZeros(batch, writer, from);
  },

  failure(last: DumpPart, reader: DumpReader): string {
    const { restrictKey } = (reader as PostgresDumpReader).known;
    // ON_ERROR_STOP, so that psql fails even where nobody asked it to; it takes the command outside of \\restrict alone.
    const stop = `${restrictKey === null ? "" : `\\unrestrict ${restrictKey}\n`}\\set ON_ERROR_STOP on\nDO $standin$ BEGIN RAISE EXCEPTION '${FAILED}'; END $standin$;\n`;
    const open = openCopy(last);
    // psql takes the end of its input for the end of the rows, and would commit them: a row with a cell too many makes the server refuse them all.
    return open === null ? `\n;\n${stop}` : `${"standin: failed here\t".repeat(open + 1)}\n\\.\n${stop}`;
  },
};

/** The number of columns where the last part leaves off within a COPY block, null where it does not. */
function openCopy(last: DumpPart): number | null {
  if (last.type === "rows") return (last.batch as ByteBatch).format.id === copyFormat.id ? last.columns.length : null;
  const end = Buffer.from(last.bytes).toString("latin1");
  const statement = /(?:^|\n)COPY [^;]*? FROM stdin;\n$/i.exec(end);
  return statement === null ? null : Math.max(1, statement[0].split(",").length);
}

/** Throws where a mask gave a zero byte: psql takes a line to end there, and what follows for the next statement. */
export function refuseZeros({ table: ref }: RowBatch, writer: ByteWriter, from: number): void {
  if (!writer.bytes.subarray(from, writer.position).includes(0)) return;
  const table = tableName(ref);
  throw new StandinError(
    "VALUE_UNSUPPORTED",
    `A mask gave a text with a zero byte for a row of ${table}, which PostgreSQL has none of.`,
    {
      table,
      hint: "Choose another transform: `standin preview` shows what each gives.",
    },
  );
}
