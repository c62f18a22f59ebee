import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sharedData } from "../shared-data.ts";

/** Sample databases, and how to load each with psql. Errors of statements for newer servers are expected (its README) and do no harm. */
export const POSTGRES_SAMPLES: Readonly<Record<string, (url: string) => void>> = {
  pagila: (url) => {
    psqlFile(url, sharedData("sql", "pagila-pg", "pagila-schema.sql"), { mayFail: true });
    psqlFile(url, sharedData("sql", "pagila-pg", "pagila-data.sql"), { mayFail: true });
  },
  northwind: (url) => psqlFile(url, sharedData("sql", "northwind-pg", "northwind.sql"), { mayFail: true }),
  chinook: (url) => {
    // The file makes a database of its own and connects to it: those lines are left out.
    const text = readFileSync(sharedData("sql", "chinook", "Chinook_PostgreSql.sql"), "utf8");
    psqlText(url, text.replace(/^(DROP DATABASE|CREATE DATABASE|\\c ).*$/gim, ""));
  },
  alltypes: (url) => neosync(url, "alltypes"),
  edgecases: (url) => neosync(url, "edgecases"),
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
    psqlFile(url, file, { mayFail: true });
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function psqlFile(url: string, file: string, { mayFail }: { mayFail: boolean }): void {
  execFileSync("psql", ["-X", "-q", "-v", `ON_ERROR_STOP=${mayFail ? 0 : 1}`, "-d", url, "-f", file], {
    stdio: ["ignore", "ignore", "ignore"],
  });
}
