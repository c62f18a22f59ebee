import { once } from "node:events";
import { csvSink } from "../../src/connectors/csv/index.ts";
import { openParts, stageParts } from "./staged-parts.ts";

/** Stages some shards of a file into a folder, says so, and waits to be killed. */
const [from, folder, many] = process.argv.slice(2) as [string, string, string];
const parts = await openParts(from);
const sink = csvSink({ folder });
await sink.stage!.begin([parts.toWrite], null, parts.mark, new AbortController().signal);
await stageParts(sink, parts, parts.shards.slice(0, Number(many)));
process.stdout.write("staged\n");
setInterval(() => {}, 1000);
await once(process, "exit");
