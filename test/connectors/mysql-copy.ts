import { expect } from "vitest";
import { mysqlSink, mysqlSource } from "../../src/connectors/mysql/index.ts";
import type { Rule } from "../../src/contracts.ts";
import type { Report } from "../../src/pipeline/report.ts";
import { refresh } from "../../src/refresh.ts";
import { refreshPart } from "../../src/refresh-part.ts";
import { keepEverything } from "../end-to-end/automatic-policy.ts";
import { mysqlDefinitions } from "../end-to-end/mysql-definitions.ts";
import { exactRows, mysqlSchema } from "../end-to-end/mysql-examiner.ts";
import { runMysql, withMysqlDatabases } from "../servers/mysql-server.ts";
import { TEST_KEY } from "../test-key.ts";

export interface Copy {
  readonly source: string;
  readonly target: string;
  readonly report: Report;
}

export interface CopyOptions {
  /** Statements that prepare the target; without them it is empty. */
  readonly target?: string;
  /** @default LOAD DATA LOCAL */
  readonly loadData?: boolean;
  /** In how many parts the rows are staged, to be published by another run. @default one run does it all */
  readonly parts?: number;
  /** Rules for some columns; all others are kept. */
  readonly rules?: { readonly [table: string]: { readonly [column: string]: Rule } };
}

/** Copies what some statements make, every column kept, and lends both databases. */
export function withCopy(sql: string, use: (copy: Copy) => Promise<void>, options: CopyOptions = {}): Promise<void> {
  return withMysqlDatabases(["standin_source", "standin_target"], async (source, target) => {
    await runMysql(source, sql);
    if (options.target !== undefined) await runMysql(target, options.target);
    await use({ source, target, report: await copy(source, target, options) });
  });
}

export async function copy(source: string, target: string, { loadData, parts, rules = {} }: CopyOptions = {}): Promise<Report> {
  const tables = keepEverything(await mysqlSchema(source));
  for (const [table, columns] of Object.entries(rules)) tables[table] = { ...tables[table], ...columns };
  if (parts !== undefined) {
    const policy = { source, target, tables };
    for (let index = 0; index < parts; index++) await refreshPart(policy, { key: TEST_KEY, part: { index, of: parts } });
    return refresh(policy, { key: TEST_KEY, resume: true });
  }
  const ends = {
    source: mysqlSource({ url: source }),
    target: mysqlSink({ url: target, ...(loadData === undefined ? {} : { loadData }) }),
  };
  return refresh({ ...ends, tables }, { key: TEST_KEY });
}

/** Copies what some statements make, and expects the same tables with the same rows, to the bit. */
export function expectCopied(sql: string, options: CopyOptions = {}): Promise<void> {
  return withCopy(sql, expectEqualDatabases, options);
}

export async function expectEqualDatabases({
  source,
  target,
}: {
  readonly source: string;
  readonly target: string;
}): Promise<void> {
  const definitions = await mysqlDefinitions(source);
  expect(await mysqlDefinitions(target)).toEqual(definitions);
  const rowsOf = async (url: string) => {
    const tables = Object.keys(definitions).flatMap((name) => /^base table (.*)$/s.exec(name)?.[1] ?? []);
    const found: Record<string, string[]> = {};
    for (const table of tables) found[table] = (await exactRows(url, table)).sort();
    return found;
  };
  expect(await rowsOf(target)).toEqual(await rowsOf(source));
}
