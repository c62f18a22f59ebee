import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { parseDocument } from "yaml";
import { connectSource } from "../../src/connect.ts";
import type { Table } from "../../src/contracts.ts";
import { tableName } from "../../src/table-ref.ts";
import { countAgainst, PERSONAL_COLUMNS } from "../discover/personal-columns.ts";
import { TEST_KEY } from "../test-key.ts";
import { jsonLines, spawnNode } from "./spawned-command.ts";

interface Proposed {
  readonly table: string;
  readonly columns: readonly {
    readonly column: string;
    readonly decision: string;
    readonly transform: string | null;
    readonly options: Record<string, unknown> | null;
  }[];
}

/** Columns that a proposal masks or asks about, as `table.column`. */
export function flaggedColumns(tables: readonly Proposed[]): readonly string[] {
  return tables.flatMap(({ table, columns }) =>
    columns.filter(({ decision }) => decision === "mask" || decision === "review").map(({ column }) => `${table}.${column}`),
  );
}

/**
 * Proposes a policy for a place, confirms what is up for review as a person in a hurry would (what is suggested, else keep), runs it, and looks for direct
 * identifiers that came through.
 */
export async function proposeAndRun(command: string, places: { source: string; target: string }, reading: string): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "standin-init-"));
  const env = { STANDIN_KEY: TEST_KEY, PROD_URL: places.source, STAGING_URL: places.target };
  const standin = (...parameters: string[]) =>
    spawnNode([command, ...parameters], { cwd: folder, env, limitMilliseconds: 120_000 }).finished;
  try {
    const init = await standin("init", "--source", places.source, "--output", "standin.policy.yaml", "--json");
    expect(init).toMatchObject({ code: 0, stderr: "" });
    const tables = jsonLines(init.stdout)[0]!.tables as Proposed[];
    const { missed, wrong } = countAgainst(PERSONAL_COLUMNS[reading]!, flaggedColumns(tables));
    const direct = PERSONAL_COLUMNS[reading]!.direct;
    expect(missed.filter((name) => direct.includes(name))).toEqual([]);
    expect(wrong.length, wrong.join(", ")).toBeLessThan(0.25 * flaggedColumns(tables).length);

    const file = join(folder, "standin.policy.yaml");
    if (!/^\w+:\/\//.test(places.source))
      writeFileSync(file, readFileSync(file, "utf8").replace(/^target: .*$/m, `target: ${places.target}`));
    await onlyReviewsAreWrong(standin, tables);
    confirmReviews(file, tables);
    const run = await standin("run");
    expect(run.stderr).not.toContain("✗");
    expect(run.code).toBe(0);
    expect(await cameThrough(places.source, places.target, direct)).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

async function onlyReviewsAreWrong(
  standin: (...parameters: string[]) => Promise<{ stdout: string }>,
  tables: readonly Proposed[],
): Promise<void> {
  const [plan] = jsonLines((await standin("plan", "--json")).stdout);
  const errors = (plan!.findings as { code: string; severity: string; message: string }[]).filter(
    ({ severity }) => severity === "error",
  );
  expect(errors.filter(({ code }) => code !== "REVIEW_NEEDED")).toEqual([]);
  const reviews = tables.flatMap(({ columns }) => columns.filter(({ decision }) => decision === "review"));
  expect(errors).toHaveLength(reviews.length);
}

function confirmReviews(file: string, tables: readonly Proposed[]): void {
  const document = parseDocument(readFileSync(file, "utf8"));
  for (const { table, columns } of tables) {
    for (const { column, decision, transform, options } of columns) {
      if (decision === "review")
        document.setIn(["tables", table, column], transform === null ? "keep" : { [transform]: options });
    }
  }
  writeFileSync(file, document.toString());
}

/** A stand-in may be somebody's real name by chance: first names are few. */
const BY_CHANCE = 0.05;

async function cameThrough(source: string, target: string, columns: readonly string[]): Promise<string[]> {
  const came: string[] = [];
  for (const name of columns) {
    const [before, after] = [await readCells(source, name), await readCells(target, name)];
    expect(after.size, name).toBe(before.size);
    const filled = [...before].filter(([, value]) => value !== null && value !== "");
    const same = filled.filter(([key, value]) => after.get(key) === value).length;
    if (same > BY_CHANCE * filled.length) came.push(`${name}: ${same} of ${filled.length}`);
  }
  return came;
}

/** One column by its row's key, or by the row's place where there is none. */
async function readCells(place: string, name: string): Promise<Map<string, string | null>> {
  const source = await connectSource(place);
  const { signal } = new AbortController();
  try {
    await source.open(signal);
    const [tableWanted, columnWanted] = name.split(".");
    const table: Table = (await source.schema()).tables.find(({ ref }) => tableName(ref) === tableWanted)!;
    const key = table.uniqueKeys.find(({ isPrimary }) => isPrimary)?.columns ?? [];
    const columns = [...key, columnWanted!].map((wanted) => table.columns.find((column) => column.name === wanted)!);
    const cells = new Map<string, string | null>();
    for await (const batch of source.read(table, { columns, batchSize: {}, signal })) {
      const values = columns.map((_, index) => batch.column(index));
      for (let row = 0; row < batch.rowCount; row++) {
        const id = key.length === 0 ? String(batch.firstRow + row) : key.map((_, index) => values[index]![row]).join("\0");
        cells.set(id, values.at(-1)![row]!);
      }
    }
    return cells;
  } finally {
    await source.close();
  }
}

/** A folder for the CSV files of a test, gone afterwards. */
export async function withFolders(use: (source: string, target: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "standin-init-csv-"));
  const [source, target] = [join(folder, "exports"), join(folder, "masked")];
  mkdirSync(source);
  try {
    await use(source, target);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
