import { StandinError } from "../errors.ts";
import type { Ends } from "../pipeline/run.ts";

/** Standard input and output as the ends of a run, by format. `columns` are those that the policy names. */
const FORMATS: Readonly<Record<string, (table: string, columns: readonly string[]) => Promise<Ends>>> = {
  csv: async (table) => {
    const { csvStreamSink, csvStreamSource } = await import("../connectors/csv/index.ts");
    return { source: csvStreamSource(process.stdin, { table }), sink: csvStreamSink(process.stdout) };
  },
  jsonl: async (table, columns) => {
    const { jsonlStreamSink, jsonlStreamSource } = await import("../connectors/jsonl/index.ts");
    // A key that the policy knows may come late: the first lines need not show it.
    const source = jsonlStreamSource(process.stdin, { table, columns: { [table]: columns } });
    return { source, sink: jsonlStreamSink(process.stdout) };
  },
};

/** Opens standard input and output in a format. Throws SYSTEMS_UNSUPPORTED for one that nobody knows. */
export function pipeEnds(format: string): (table: string, columns: readonly string[]) => Promise<Ends> {
  if (Object.hasOwn(FORMATS, format)) return FORMATS[format]!;
  throw new StandinError("SYSTEMS_UNSUPPORTED", `pipe knows no format ${JSON.stringify(format)}.`, {
    hint: `Use --format ${Object.keys(FORMATS).join(", ")}, pg_dump or mysqldump.`,
  });
}
