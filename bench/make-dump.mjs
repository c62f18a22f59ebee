import { once } from "node:events";
import { createReadStream, createWriteStream, existsSync, renameSync } from "node:fs";
import { parse } from "csv-parse";
import { COLUMNS, makeCsv } from "./make-data.mjs";

/** What a MariaDB makes of the 12 columns. */
const TABLE = [
  "-- MariaDB dump 10.19  Distrib 10.11.19-MariaDB, for debian-linux-gnu (x86_64)",
  "/*!40101 SET NAMES utf8mb4 */;",
  "CREATE TABLE `customers` (",
  ...COLUMNS.map((name) => `  \`${name}\` ${name === "id" ? "int(11) NOT NULL" : "text DEFAULT NULL"},`),
  "  PRIMARY KEY (`id`)",
  ") ENGINE=InnoDB DEFAULT CHARSET=utf8mb4;",
  "",
].join("\n");
/** mysqldump's net_buffer_length: a statement ends before it gets longer. */
const STATEMENT_BYTES = 1024 * 1024;
const ESCAPES = { "\n": "\\n", "\r": "\\r", "\\": "\\\\", "'": "\\'", '"': '\\"' };

/** Makes (once) the dump of so many rows with extended INSERTs, and gives its path. The same rows as those of the CSV. */
export async function makeMysqlDump(folder, rows) {
  const csv = await makeCsv(folder, rows);
  const path = csv.replace(/\.csv$/, ".mysql.sql");
  if (existsSync(path)) return path;
  const output = createWriteStream(`${path}.partial`);
  output.write(TABLE);
  let statement = "";
  for await (const [id, ...texts] of createReadStream(csv).pipe(parse({ from_line: 2 }))) {
    const cells = texts.map((text) => `'${text.replace(/[\n\r\\'"]/g, (character) => ESCAPES[character])}'`);
    statement += `${statement === "" ? "INSERT INTO `customers` VALUES\n" : ",\n"}(${[id, ...cells].join(",")})`;
    if (statement.length < STATEMENT_BYTES) continue;
    if (!output.write(`${statement};\n`)) await once(output, "drain");
    statement = "";
  }
  if (statement !== "") output.write(`${statement};\n`);
  output.end("-- Dump completed\n");
  await once(output, "close");
  renameSync(`${path}.partial`, path);
  return path;
}

/** What pg_dump makes of the 12 columns. */
const POSTGRES_TABLE = [
  "SET client_encoding = 'UTF8';",
  "SET standard_conforming_strings = on;",
  "CREATE TABLE public.customers (",
  COLUMNS.map((name) => `    ${name} ${name === "id" ? "integer NOT NULL" : "text"}`).join(",\n"),
  ");",
  `COPY public.customers (${COLUMNS.join(", ")}) FROM stdin;`,
  "",
].join("\n");
const COPY_ESCAPES = { "\n": "\\n", "\r": "\\r", "\t": "\\t", "\\": "\\\\" };

/** The same as a COPY block of PostgreSQL's. */
export async function makePostgresDump(folder, rows) {
  const csv = await makeCsv(folder, rows);
  const path = csv.replace(/\.csv$/, ".postgres.sql");
  if (existsSync(path)) return path;
  const output = createWriteStream(`${path}.partial`);
  output.write(POSTGRES_TABLE);
  let lines = "";
  for await (const cells of createReadStream(csv).pipe(parse({ from_line: 2 }))) {
    lines += `${cells.map((text) => text.replace(/[\n\r\t\\]/g, (character) => COPY_ESCAPES[character])).join("\t")}\n`;
    if (lines.length < STATEMENT_BYTES) continue;
    if (!output.write(lines)) await once(output, "drain");
    lines = "";
  }
  output.end(`${lines}\\.\n\nALTER TABLE ONLY public.customers ADD CONSTRAINT customers_pkey PRIMARY KEY (id);\n`);
  await once(output, "close");
  renameSync(`${path}.partial`, path);
  return path;
}
