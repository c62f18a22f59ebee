/**
 * Selects one percent of ten million parents and their twenty million children by spill files, and says what memory it took: `npx jiti bench/subset-keys.ts [millions of children]`.
 * The rows are made up as they are read, so that nothing is measured but the keys.
 */
import { ObjectBatch, type Row } from "../src/batch/object-batch.ts";
import type { Column, ReadOptions, RowBatch, SelectionGraph, Source, Table } from "../src/contracts.ts";
import { MaskingKey } from "../src/keys/masking-key.ts";
import { drawKeyOf } from "../src/subset/draw-rows.ts";
import { spillWork } from "../src/subset/spill-work.ts";
import { workOut } from "../src/subset/work-out.ts";

const MILLIONS = Number(process.argv[2] ?? 20);
const CHILDREN = MILLIONS * 1_000_000;
const PARENTS = CHILDREN / 2;
const BATCH = 10_000;
const { signal } = new AbortController();

const column = (name: string): Column => ({
  ...{ name, type: "integer", kind: "integer", nullable: false, maxLength: null, isPadded: false },
  ...{ range: null, labels: null, isGenerated: false, hasDefault: false },
});
const table = (name: string, columns: readonly Column[]): Table => ({
  ...{ ref: { schema: null, name }, columns, uniqueKeys: [], foreignKeys: [], rowEstimate: null },
});
const [id, parent] = [column("id"), column("parent")];
const [parents, children] = [table("parents", [id]), table("children", [parent])];

const source = {
  system: "memory",
  async *read({ ref }: Table, { columns }: ReadOptions): AsyncGenerator<RowBatch> {
    const [count, name] = ref.name === "parents" ? [PARENTS, "id"] : [CHILDREN, "parent"];
    const names = columns.map((one) => one.name);
    for (let from = 0; from < count; from += BATCH) {
      const rows = Array.from({ length: BATCH }, (_, row): Row => {
        const ordinal = from + row;
        return { [name]: name === "id" ? String(ordinal) : String((ordinal * 7_919) % PARENTS) };
      });
      yield new ObjectBatch(ref, names, rows, from);
    }
  },
} as unknown as Source;

const graph: SelectionGraph = {
  tables: [
    {
      table: parents,
      part: "reached",
      isAll: false,
      seed: { where: null, percent: 1, rows: null, keep: [], draws: true, by: [id] },
    },
    { table: children, part: "reached", isAll: false, seed: null },
  ],
  edges: [
    {
      ...{ name: "children_parent", from: 1, to: 0, columns: [parent], referencedColumns: [id], when: null },
      children: { come: true, where: null, max: null, by: [] },
    },
  ],
};

let peak = 0;
const watch = setInterval(() => {
  peak = Math.max(peak, process.memoryUsage.rss());
}, 50);
const started = performance.now();
const draw = drawKeyOf(new MaskingKey(Buffer.from("00112233445566778899aabbccddeeff0123456789abcdeffedcba9876543210", "hex")));
const work = await spillWork(source, graph, draw, { batchSize: {}, signal, over: (rows) => rows });
const counts = await workOut(graph, work, signal);
let read = 0;
for await (const batch of work.read(1, { columns: [parent], batchSize: {}, signal })) read += batch.rowCount;
await work.close();
clearInterval(watch);
peak = Math.max(peak, process.resourceUsage().maxRSS * 1024);
const megabytes = Math.round(peak / 1e6);
const seconds = Math.round((performance.now() - started) / 1000);
process.stdout.write(
  `${JSON.stringify({ keys: PARENTS + CHILDREN, kept: counts.kept, read, seconds, peakRssMegabytes: megabytes })}\n`,
);
