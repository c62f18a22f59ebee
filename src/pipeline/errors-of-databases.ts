import { type Finding, isStandinError, StandinError } from "../errors.ts";

/** The same error, told of one of several databases. Whatever else was thrown may quote a value: it is not shown. */
export function inDatabase(error: unknown, database: string): StandinError {
  if (!isStandinError(error))
    return new StandinError(
      "SOURCE_FAILED",
      `${database}: the run failed (${error instanceof Error ? error.name : typeof error}).`,
      {
        database,
      },
    );
  if (error.database !== undefined || error.code === "ABORTED") return error;
  const { code, message, hint, table, column, row, file, offset, line, columnNumber, findings } = error;
  const told = new StandinError(code, `${database}: ${message}`, {
    ...{ hint, table, column, row, file, offset, line, columnNumber, database },
    findings: findings.map((finding) => findingIn(finding, database)),
  });
  told.phase = error.phase;
  told.isResumable = error.isResumable;
  told.isPublished = error.isPublished;
  if (error.stack !== undefined) told.stack = error.stack;
  return told;
}

/** The same finding, told of one of several databases. */
export function findingIn(finding: Finding, database: string): Finding {
  return finding.database === undefined ? { ...finding, message: `${database}: ${finding.message}`, database } : finding;
}

/** What several databases were refused for, and what is wrong with them beside one another, as one error. */
export function joinRefusals(refused: ReadonlyMap<string, unknown>, more: readonly Finding[] = []): StandinError {
  const errors = [...refused].map(([name, error]) => inDatabase(error, name));
  const [first] = errors;
  // A stopped run is stopped, whatever else is wrong with it.
  const aborted = errors.find(({ code }) => code === "ABORTED");
  if (aborted !== undefined) return aborted;
  if (errors.length === 1 && more.length === 0) return first!;
  const findings = [
    ...errors.flatMap(({ code, message, hint, database, table, column, findings }): readonly Finding[] =>
      findings.length > 0 ? findings : [{ code, severity: "error", message, hint, database, table, column }],
    ),
    ...more,
  ];
  const isOneCode = errors.every(({ code }) => code === first!.code) && more.length === 0;
  const code = isOneCode ? first!.code : "PLAN_REFUSED";
  const names = errors.map(({ database }) => database).join(" and ");
  return new StandinError(code, `${names}: ${findings.length} things are wrong; nothing was read or written.`, {
    findings,
    hint: isOneCode ? first!.hint : undefined,
  });
}

/** Throwable for what is wrong with plans that are right each by itself. */
export function refusedTogether(findings: readonly Finding[]): StandinError {
  const [first] = findings;
  const message = findings.length === 1 ? first!.message : `The plan has ${findings.length} errors; nothing was read or written.`;
  return new StandinError("PLAN_REFUSED", message, { findings, hint: findings.length === 1 ? first!.hint : undefined });
}
