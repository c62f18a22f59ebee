import type { ColumnReport, Report } from "../pipeline/report.ts";
import type { ColumnFidelity, Verification } from "../verify/verification.ts";

/** A table as the page shows it, from what a run and a verification tell of it. */
export interface TableView {
  readonly table: string;
  readonly rows: number;
  /** Rows of the source, where they were counted apart. */
  readonly sourceRows: number;
  /** How long its copy took, null where no run tells. */
  readonly milliseconds: number | null;
  readonly columns: readonly ColumnView[];
}

export interface ColumnView {
  readonly column: string;
  readonly decision: ColumnReport["decision"];
  readonly transform: string;
  readonly isDeterministic: boolean;
  /** What a run tells of the column, null for a verification alone. */
  readonly report: ColumnReport | null;
  /** How it looks before and after, null where nobody looked. */
  readonly fidelity: ColumnFidelity | null;
}

/** One of both is there. */
export function tableViews(run: Report | null, verification: Verification | null): readonly TableView[] {
  const verified = new Map((verification?.tables ?? []).map((table) => [table.table, table]));
  if (run === null)
    return [...verified.values()].map(({ table, sourceRows, targetRows, columns }) => ({
      table,
      rows: targetRows,
      sourceRows,
      milliseconds: null,
      columns: columns.map((fidelity) => {
        const { column, transform, isDeterministic } = fidelity;
        const decision = transform === "keep" ? "keep" : "mask";
        return { column, decision, transform, isDeterministic, report: null, fidelity };
      }),
    }));
  return run.tables.map(({ table, rows, milliseconds, columns }) => {
    const fidelities = new Map((verified.get(table)?.columns ?? []).map((fidelity) => [fidelity.column, fidelity]));
    return {
      table,
      rows,
      sourceRows: rows,
      milliseconds,
      columns: columns.map((report) => {
        const { column, decision, transform, isDeterministic } = report;
        return { column, decision, transform, isDeterministic, report, fidelity: fidelities.get(column) ?? null };
      }),
    };
  });
}
