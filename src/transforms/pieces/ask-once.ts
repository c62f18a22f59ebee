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
  ended?.addEventListener("abort", giveUp);
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
