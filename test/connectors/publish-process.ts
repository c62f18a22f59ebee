import { objectTable } from "../../src/batch/object-table.ts";
import { csvSink } from "../../src/connectors/csv/index.ts";
import { MARK } from "./staged-parts.ts";

/** Publishes tables without rows as files of these names, and says when it begins to. */
const [folder, files] = process.argv.slice(2) as [string, string];
const tables = files.split(",").map((file) => objectTable(file.replace(".csv", ""), ["id", "note"], []));
const sink = csvSink({ folder });
const toWrite = tables.map((table) => ({ table, columns: table.columns }));
await sink.stage!.begin(toWrite, null, MARK, new AbortController().signal);
process.stdout.write("publishing\n");
await sink.commit();
