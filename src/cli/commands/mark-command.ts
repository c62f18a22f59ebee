import { markNonProduction, unmarkNonProduction } from "../../mask-in-place.ts";
import { paintFor } from "../show/paint.ts";
import type { CliContext } from "../show/print-error.ts";
import { printJson } from "../show/print-json.ts";

export interface MarkCommandOptions extends CliContext {
  readonly remove?: boolean | undefined;
}

/** `standin mark`. Says in a database that it is none of production, or takes that back. */
export async function markCommand(url: string, { remove = false, json }: MarkCommandOptions, signal: AbortSignal): Promise<void> {
  const missing = remove ? await unmarkNonProduction(url, signal) : [];
  if (!remove) await markNonProduction(url, signal);
  if (json) return printJson("mark", { isMarked: !remove, missing });
  const paint = paintFor(process.stdout);
  const lines = remove
    ? [`${paint("green", "✓")} The mark is gone: standin mask will not touch the database.`]
    : [
        `${paint("green", "✓")} Marked as none of production, this database alone.`,
        "  standin mask may overwrite it, once. The mark does not count in a copy.",
      ];
  if (missing.length > 0)
    lines.push("  A run that was cut off had taken these keys off:", ...missing.map((sql) => `    ${sql};`));
  process.stdout.write(`${lines.join("\n")}\n`);
}
