import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "vitest";
import { parseDocument } from "yaml";
import { countAgainst, PERSONAL_COLUMNS } from "../discover/personal-columns.ts";
import { TEST_KEY } from "../test-key.ts";
import { findPeople, findRepeated, findUnmasked, readTables } from "./find-leaks.ts";
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
    await expectNobodyThere(places.source, places.target, direct);
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

/** Reads both ends whole, and compares row by row and everywhere. */
async function expectNobodyThere(source: string, target: string, direct: readonly string[]): Promise<void> {
  const [before, after] = [await readTables(source), await readTables(target)];
  const counts = (tables: typeof before) => [...tables].map(([name, { rows }]) => `${name}: ${rows.length}`).sort();
  expect(counts(after)).toEqual(counts(before));
  expect(findUnmasked(before, after, direct)).toEqual([]);
  expect(findRepeated(before, after, direct)).toEqual([]);
  expect(findPeople(before, after)).toEqual([]);
  // The search itself must be able to find: the source holds its own people.
  expect(findUnmasked(before, before, direct)).not.toEqual([]);
  expect(findRepeated(before, before, direct)).not.toEqual([]);
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
