import { ByteBatch } from "../../batch/byte-batch.ts";
import type { ByteWriter } from "../../batch/byte-writer.ts";
import type { RowBatch, TableToWrite } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import type { DumpScript } from "../dump-script.ts";
import { cellKind, MysqlDumpCells } from "./mysql-dump-cells.ts";
import { writeLiteral } from "./mysql-dump-encode.ts";

const OPEN = 0x28;
const CLOSE = 0x29;
const COMMA = 0x2c;
const NOTHING = Buffer.alloc(0);
/** How the script itself reads its texts: what its opening sets. */
const STYLE = { backslashes: true, isWide: true };

/** Writes what mysqldump would: statements, and rows as extended INSERTs, which the mysql client restores. */
export const mysqlDumpScript: DumpScript = {
  system: "mysql",

  opening: `-- MySQL dump
-- Masked by standin

/*!40101 SET @OLD_CHARACTER_SET_CLIENT=@@CHARACTER_SET_CLIENT */;
/*!40101 SET @OLD_CHARACTER_SET_RESULTS=@@CHARACTER_SET_RESULTS */;
/*!40101 SET @OLD_COLLATION_CONNECTION=@@COLLATION_CONNECTION */;
SET NAMES utf8mb4;
/*!40103 SET @OLD_TIME_ZONE=@@TIME_ZONE */;
/*!40103 SET TIME_ZONE='+00:00' */;
/*!40014 SET @OLD_UNIQUE_CHECKS=@@UNIQUE_CHECKS, UNIQUE_CHECKS=0 */;
/*!40014 SET @OLD_FOREIGN_KEY_CHECKS=@@FOREIGN_KEY_CHECKS, FOREIGN_KEY_CHECKS=0 */;
/*!40101 SET @OLD_SQL_MODE=@@SQL_MODE, SQL_MODE='NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES' */;
/*!40111 SET @OLD_SQL_NOTES=@@SQL_NOTES, SQL_NOTES=0 */;

`,

  // A routine has semicolons of its own.
  asStatement: (sql) => (sql.includes(";") ? `DELIMITER ;;\n${sql.trim()} ;;\nDELIMITER ;\n\n` : `${sql.trim()};\n\n`),

  beginRows: ({ table }) => `LOCK TABLES ${quoted(table.ref.name)} WRITE;\n`,

  writeRows(batch: RowBatch, { table, columns }: TableToWrite, writer: ByteWriter): void {
    if (batch.rowCount === 0) return;
    const list = columns.map(({ name }) => quoted(name)).join(", ");
    writer.text(`INSERT INTO ${quoted(table.ref.name)} (${list}) VALUES\n`);
    const cells = columns.map((column, index) => ({ ...cellsOf(batch, index), kind: cellKind(column) }));
    for (let row = 0; row < batch.rowCount; row++) {
      if (row > 0) writer.text(",\n");
      writer.byte(OPEN);
      for (const [index, { values, literals, kind }] of cells.entries()) {
        if (index > 0) writer.byte(COMMA);
        if (literals !== null) {
          const cell = row * literals.columnCount + index;
          writer.copy(literals.bytes, literals.starts[cell]!, literals.ends[cell]!);
        } else if (!writeLiteral(writer, values![row]!, kind, NOTHING, 0, STYLE)) {
          const name = tableName(table.ref);
          const place = { table: name, column: columns[index]!.name, row: batch.firstRow + row + 1 };
          throw new StandinError("SINK_REJECTED", `A value for ${name}.${place.column} is none of its type.`, place);
        }
      }
      writer.byte(CLOSE);
    }
    writer.text(";\n");
  },

  endRows: () => "UNLOCK TABLES;\n\n",

  // AUTO_INCREMENT goes on behind the highest number by itself.
  sequences: () => "",

  ending: `/*!40103 SET TIME_ZONE=@OLD_TIME_ZONE */;
/*!40101 SET SQL_MODE=@OLD_SQL_MODE */;
/*!40014 SET FOREIGN_KEY_CHECKS=@OLD_FOREIGN_KEY_CHECKS */;
/*!40014 SET UNIQUE_CHECKS=@OLD_UNIQUE_CHECKS */;
/*!40101 SET CHARACTER_SET_CLIENT=@OLD_CHARACTER_SET_CLIENT */;
/*!40101 SET CHARACTER_SET_RESULTS=@OLD_CHARACTER_SET_RESULTS */;
/*!40101 SET COLLATION_CONNECTION=@OLD_COLLATION_CONNECTION */;
/*!40111 SET SQL_NOTES=@OLD_SQL_NOTES */;

-- Dump completed
`,
};

/** A column's values, or where its literals stand: those of a dump that nobody masked are good as they are. */
function cellsOf(batch: RowBatch, index: number) {
  const masked = batch.replacement(index);
  const isLiteral = masked === undefined && batch instanceof ByteBatch && batch.format instanceof MysqlDumpCells;
  const { backslashes = false, isWide = false } = isLiteral ? (batch.format as MysqlDumpCells) : {};
  if (isLiteral && backslashes && isWide) return { values: null, literals: batch as ByteBatch };
  return { values: masked ?? batch.column(index), literals: null };
}

const quoted = (name: string): string => `\`${name.replaceAll("`", "``")}\``;
