import type { Column, SelectionEdge, SelectionGraph, Source } from "../contracts.ts";
import { comparedText, comparisonOf } from "./key-hash.ts";

/** An edge, and by what the parts of its keys are compared. */
export interface WeighedEdge extends SelectionEdge {
  /** By part: whether its server's weight is compared, and not its text. */
  readonly isWeighed: readonly boolean[];
}

export interface WeighedGraph extends SelectionGraph {
  readonly edges: readonly WeighedEdge[];
}

/** Asks the source which keys it can give as its server compares them: no rule of ours knows which letters each collation takes for others. */
export async function weighKeys(source: Pick<Source, "weighs">, { tables, edges }: SelectionGraph): Promise<WeighedGraph> {
  const pairs = edges.flatMap(({ from, to, columns, referencedColumns }) =>
    columns.map(
      (column, part) =>
        [
          { table: tables[from]!.table.ref, column },
          { table: tables[to]!.table.ref, column: referencedColumns[part]! },
        ] as const,
    ),
  );
  const answers = (await source.weighs?.(pairs)) ?? [];
  let at = 0;
  return { tables, edges: edges.map((edge) => ({ ...edge, isWeighed: edge.columns.map(() => answers[at++] ?? false) })) };
}

/** What becomes of the cells of one end of an edge before they are compared. */
export function comparedParts(
  columns: readonly Column[],
  others: readonly Column[],
  isWeighed: readonly boolean[],
): readonly ((text: string) => string)[] {
  return columns.map((column, part) => (isWeighed[part] ? (weight: string) => weight : comparedText(column, others[part]!)));
}

/** The same columns of the same table are sorted once, however many edges point to them in the same way. */
export function parentKeyOf(graph: WeighedGraph, edge: number): string {
  const { to, columns, referencedColumns, isWeighed } = graph.edges[edge]!;
  const parts = referencedColumns.map((column, part) => [
    column.name,
    isWeighed[part] ? "by weight" : comparisonOf(column, columns[part]!),
  ]);
  return JSON.stringify([to, parts]);
}
