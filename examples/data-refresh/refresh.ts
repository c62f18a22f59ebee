import { isStandinError, refresh } from "standin";
import policy from "./standin.policy.ts";

/** Refreshes staging from production: what a nightly job runs. The key comes from STANDIN_KEY. */
const stop = new AbortController();
process.once("SIGTERM", () => stop.abort());

try {
  const report = await refresh(policy, {
    signal: stop.signal,
    onProgress: (event) => {
      if (event.type === "table-finished") console.log(`${event.table}: ${event.rows} rows`);
    },
  });
  console.log(`Copied ${report.rows} rows with key ${report.keyFingerprint}.`);
} catch (error) {
  if (!isStandinError(error)) throw error;
  // Nothing to clean up: the target is as it was. The message holds no value and may go to any log.
  console.error(`${error.code}: ${error.message}${error.hint ? ` ${error.hint}` : ""}`);
  for (const finding of error.findings) console.error(`- ${finding.message}`);
  process.exitCode = error.phase === "before" ? 1 : 2;
}
