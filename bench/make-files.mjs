import { once } from "node:events";
import { createReadStream, createWriteStream, existsSync, renameSync } from "node:fs";
import { parse } from "csv-parse";
import { parquetWriteFile } from "hyparquet-writer";
import { COLUMNS } from "./make-data.mjs";

const GROUP_ROWS = 50_000;

/** Rows of a CSV as objects: `id` a number, `notes` a document, the others strings. */
async function* objectsOf(csv) {
  for await (const cells of createReadStream(csv).pipe(parse({ from: 2 }))) {
    const row = Object.fromEntries(COLUMNS.map((name, index) => [name, cells[index]]));
    yield { ...row, id: Number(row.id), notes: JSON.parse(row.notes) };
  }
}

/** Makes (once) JSON Lines of a CSV's rows, and gives their path. */
export async function makeJsonl(csv) {
  const path = csv.replace(/\.csv$/, ".jsonl");
  if (existsSync(path)) return path;
  const output = createWriteStream(`${path}.partial`);
  for await (const row of objectsOf(csv)) if (!output.write(`${JSON.stringify(row)}\n`)) await once(output, "drain");
  output.end();
  await once(output, "close");
  renameSync(`${path}.partial`, path);
  return path;
}

/** Makes (once) a Parquet file of a CSV's rows, and gives its path. */
export async function makeParquet(csv) {
  const path = csv.replace(/\.csv$/, ".parquet");
  if (existsSync(path)) return path;
  const data = COLUMNS.map(() => []);
  for await (const row of objectsOf(csv))
    for (const [index, name] of COLUMNS.entries()) data[index].push(name === "notes" ? JSON.stringify(row.notes) : row[name]);
  const columnData = COLUMNS.map((name, index) => ({ name, data: data[index], type: name === "id" ? "INT32" : "STRING" }));
  await parquetWriteFile({ filename: `${path}.partial`, columnData, rowGroupSize: GROUP_ROWS });
  renameSync(`${path}.partial`, path);
  return path;
}
