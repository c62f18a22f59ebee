import type { ByteWriter } from "../../batch/byte-writer.ts";
import { encodeBatch } from "../../batch/encode-batch.ts";
import type { RowBatch, TableToWrite } from "../../contracts.ts";
import type { DumpScript } from "../dump-script.ts";
import { copyFormat } from "../postgres/copy-format.ts";
import { quoteName, quoteTable, quoteText } from "../postgres/postgres-quotes.ts";
import { refuseZeros } from "./postgres-dump.ts";

/** Writes what pg_dump would: statements, and rows as COPY blocks, which psql restores. */
export const postgresDumpScript: DumpScript = {
  system: "postgres",

  opening: `--
-- PostgreSQL database dump
--

-- Masked by standin

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

`,

  asStatement: (sql) => `${sql.trim()}\n\n`,

  beginRows({ table, columns }: TableToWrite): string {
    const list = columns.length === 0 ? "" : ` (${columns.map(({ name }) => quoteName(name)).join(", ")})`;
    return `\nCOPY ${quoteTable(table.ref)}${list} FROM stdin;\n`;
  },

  writeRows(batch: RowBatch, { columns }: TableToWrite, writer: ByteWriter): void {
    const from = writer.position;
    encodeBatch(batch, columns.length, copyFormat, writer);
    refuseZeros(batch, writer, from);
  },

  endRows: () => "\\.\n",

  sequences(tables: readonly TableToWrite[]): string {
    return tables
      .flatMap(({ table, columns }) => {
        const name = quoteTable(table.ref);
        const filled = columns.filter(({ kind, hasDefault }) => kind === "integer" && hasDefault);
        return filled.map((column) => {
          const sequence = `pg_catalog.pg_get_serial_sequence(${quoteText(name)}, ${quoteText(column.name)})`;
          return `SELECT pg_catalog.setval(${sequence}, pg_catalog.max(${quoteName(column.name)})) FROM ${name};\n`;
        });
      })
      .join("");
  },

  ending: `
--
-- PostgreSQL database dump complete
--

`,
};
