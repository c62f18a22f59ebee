import { ByteWriter } from "../../batch/byte-writer.ts";
import type { CsvDialect } from "../../formats/csv/csv-dialect.ts";
import { csvFormat } from "../../formats/csv/csv-format.ts";

/** The header line for columns of these names. */
export function csvHeaderLine(names: readonly string[], dialect: CsvDialect): Buffer {
  const format = csvFormat(dialect);
  const writer = new ByteWriter(1024);
  for (const [index, name] of names.entries()) {
    if (index > 0) writer.copy(format.delimiter, 0, format.delimiter.length);
    format.writeCell(writer, name, null, 0, 0);
  }
  writer.copy(format.terminator, 0, format.terminator.length);
  return writer.take();
}
