import type { Source, TableToWrite } from "../../src/contracts.ts";

/** An open source whose tables are held, as a run has it before the first row; closed whatever happens. */
export async function withHeld(
  source: Source,
  use: (source: Source, tables: readonly TableToWrite[]) => Promise<void>,
): Promise<void> {
  try {
    await source.open(new AbortController().signal);
    const { tables } = await source.schema();
    const wanted = tables.map((table) => ({ table, columns: table.columns.filter(({ isGenerated }) => !isGenerated) }));
    await source.hold!(wanted);
    await use(source, wanted);
  } finally {
    await source.close();
  }
}
