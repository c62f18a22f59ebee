import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { generateMaskingKey, parsePolicy } from "../dist/index.js";
import { prepareMask } from "../dist/testing.js";

const GOLDEN = join(import.meta.dirname, "..", "test", "golden");
const KEY = generateMaskingKey();
const BATCH = 4096;
/** Characters of the longest value: what is longer may take its time. */
const LONGEST = 100;

/** A folder for each transform or part of one: whoever adds a transform has added it here. */
export const goldenFolders = () => readdirSync(GOLDEN);

/** The rules of a folder that do something, `{ column, rule }`. */
export function goldenRules(folder) {
  const { tables } = parsePolicy(JSON.parse(read(folder, "policy.json")));
  return Object.entries(tables.in)
    .map(([column, rule]) => ({ column, rule }))
    .filter(({ rule }) => rule.transform.technique !== "none");
}

/** A rule with a batch of the values that it takes, ready to be timed. Null where it takes none. */
export async function prepareGolden(folder, { column, rule }) {
  const types = existsSync(join(GOLDEN, folder, "types.json")) ? JSON.parse(read(folder, "types.json")) : {};
  const kind = typeof types[column] === "string" ? types[column] : (types[column]?.kind ?? "text");
  const rows = parse(read(folder, "in.csv"), { columns: true, relax_column_count: true });
  const names = Object.keys(rows[0]);
  const settingsFor = (some) => ({
    key: KEY,
    column: kind,
    others: Object.fromEntries(names.map((name) => [name, some.map((row) => row[name])])),
  });
  const usable = repeated(rows.filter((row) => row[column] && row[column].length <= LONGEST));
  if (usable.length === 0) return null;
  const tried = await (await prepareMask(rule, settingsFor(usable)))(usable.map((row) => row[column]));
  const handled = repeated(usable.filter((_, row) => typeof tried[row] === "string"));
  if (handled.length === 0) return null;
  const mask = await prepareMask(rule, settingsFor(handled));
  const values = handled.map((row) => row[column]);
  return { run: () => mask(values), count: values.length };
}

const read = (folder, file) => readFileSync(join(GOLDEN, folder, file), "utf8");

function repeated(values) {
  return values.length === 0 ? [] : Array.from({ length: BATCH }, (_, row) => values[row % values.length]);
}
