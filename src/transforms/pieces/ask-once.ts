import type { ColumnContext } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";

/**
 * What a function of the caller's answers; "late" where it takes longer, "rejected" where it throws. The signal aborts when it is late, and with `ended`: a service that hears
 * nothing of it is left behind. What it throws is not looked at, as it may quote a value.
 */
export async function askOnce<Answer>(
  ask: (signal: AbortSignal) => Answer | Promise<Answer>,
  timeoutMs: number,
  ended?: AbortSignal,
): Promise<Answer | "late" | "rejected"> {
  const abort = new AbortController();
  const giveUp = () => abort.abort();
  if (ended?.aborted) giveUp();
  else ended?.addEventListener("abort", giveUp);
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<"late">((resolve) => {
    timer = setTimeout(() => {
      resolve("late");
      abort.abort();
    }, timeoutMs);
  });
  const answer = (async () => ask(abort.signal))().catch(() => "rejected" as const);
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
    ended?.removeEventListener("abort", giveUp);
  }
}

/** What is said of a call that was on its way when the run was stopped. */
export function callStopped(whom: string, { table, column }: ColumnContext): StandinError {
  const name = tableName(table);
  return new StandinError("ABORTED", `The call of the ${whom} for ${name}.${column.name} was given up, as the run was stopped.`, {
    table: name,
    column: column.name,
  });
}
