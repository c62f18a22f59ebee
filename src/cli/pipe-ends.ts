import { StandinError } from "../errors.ts";
import type { Ends } from "../pipeline/run.ts";

/** Opens the ends for a table, given the columns that the policy names, in its order. */
type OpenEnds = (table: string, columns: readonly string[], hasHeader: boolean) => Promise<Ends>;

/** Standard input and output as the ends of a run, by format. */
const FORMATS: Readonly<Record<string, OpenEnds>> = {
  csv: async (table, columns, hasHeader) => {
    const { csvStreamSink, csvStreamSource } = await import("../connectors/csv/index.ts");
    const named = hasHeader ? {} : { header: false, columns };
    return { source: csvStreamSource(process.stdin, { table, ...named }), sink: csvStreamSink(process.stdout) };
  },
  jsonl: async (table, columns) => {
    const { jsonlStreamSink, jsonlStreamSource } = await import("../connectors/jsonl/index.ts");
    // A key that the policy knows may come late: the first lines need not show it.
    const source = jsonlStreamSource(process.stdin, { table, columns: { [table]: columns } });
    return { source, sink: jsonlStreamSink(process.stdout) };
  },
};

/** Opens standard input and output in a format. Throws SYSTEMS_UNSUPPORTED for one that nobody knows. */
export function pipeEnds(format: string): OpenEnds {
  if (Object.hasOwn(FORMATS, format)) return FORMATS[format]!;
  throw new StandinError("SYSTEMS_UNSUPPORTED", `pipe knows no format ${JSON.stringify(format)}.`, {
    hint: `Use --format ${Object.keys(FORMATS).join(", ")}, pg_dump or mysqldump.`,
  });
}
