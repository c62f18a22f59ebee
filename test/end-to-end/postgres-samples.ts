import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sharedData } from "../shared-data.ts";
import type { Sample } from "./sample-suite.ts";

/** Sample databases with what is known of them. Errors of statements for newer servers are expected (its README) and do no harm. */
export const POSTGRES_SAMPLES: Readonly<Record<string, Sample>> = {
  pagila: {
    load: (url) => {
      psqlFile(url, sharedData("sql", "pagila-pg", "pagila-schema.sql"));
      psqlFile(url, sharedData("sql", "pagila-pg", "pagila-data.sql"));
    },
    tables: 15,
    rows: 46_268,
    foreignKeys: 37,
  },
  northwind: {
    load: (url) => psqlFile(url, sharedData("sql", "northwind-pg", "northwind.sql")),
    tables: 14,
    rows: 3_362,
    foreignKeys: 13,
  },
  chinook: {
    load: (url) => {
      // The file makes a database of its own and connects to it: those lines are left out.
      const text = readFileSync(sharedData("sql", "chinook", "Chinook_PostgreSql.sql"), "utf8");
      psqlText(url, text.replace(/^(DROP DATABASE|CREATE DATABASE|\\c ).*$/gim, ""));
    },
    tables: 11,
    rows: 15_607,
    foreignKeys: 11,
  },
  alltypes: { load: (url) => neosync(url, "alltypes"), tables: 5, rows: 22, foreignKeys: 0 },
  edgecases: { load: (url) => neosync(url, "edgecases"), tables: 9, rows: 50, foreignKeys: 9 },
};

function neosync(url: string, folder: string): void {
  const text = readFileSync(sharedData("sql", "peer-fixtures", "neosync", "postgres", folder, "create-tables.sql"), "utf8");
  psqlText(url, `CREATE SCHEMA IF NOT EXISTS ${folder}; SET search_path TO ${folder};\n${text}`);
}

function psqlText(url: string, text: string): void {
  const folder = mkdtempSync(join(tmpdir(), "standin-sql-"));
  try {
    const file = join(folder, "load.sql");
    writeFileSync(file, text);
    psqlFile(url, file);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function psqlFile(url: string, file: string): void {
  execFileSync("psql", ["-X", "-q", "-d", url, "-f", file], { stdio: ["ignore", "ignore", "ignore"] });
}
