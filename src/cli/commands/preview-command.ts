import { StandinError } from "../../errors.ts";
import { preview } from "../../preview.ts";
import { type PolicyOptions, readOnePolicy } from "../read-policy.ts";
import { previewLines } from "../show/preview-lines.ts";
import { printJson } from "../show/print-json.ts";

export interface PreviewCommandOptions extends PolicyOptions {
  readonly rows?: string | undefined;
  readonly originalsMayLeaveTheTerminal?: boolean | undefined;
}

const MOST_ROWS = 1000;

/** `standin preview <table>`: originals and masked rows side by side, on a terminal alone; with `--json` the masked ones, to anywhere. */
export async function previewCommand(table: string, options: PreviewCommandOptions, signal: AbortSignal): Promise<void> {
  const rows = Number(options.rows ?? 10);
  if (!Number.isInteger(rows) || rows < 1 || rows > MOST_ROWS)
    throw new StandinError("OPTION_INVALID", `--rows must be a whole number from 1 to ${MOST_ROWS}.`);
  // Before anything is read.
  if (!options.json && !process.stdout.isTTY && !options.originalsMayLeaveTheTerminal) {
    throw new StandinError("ORIGINALS_EXPOSED", "A preview shows production data, and standard output is no terminal.", {
      hint: "Use --json for the masked rows alone, or --originals-may-leave-the-terminal if the originals may be where this goes.",
    });
  }
  const { policy } = await readOnePolicy(options, "source");
  const found = await preview(policy, table, { rows, signal });
  if (!options.json) {
    process.stdout.write(`${previewLines(found, process.stdout).join("\n")}\n`);
    return;
  }
  const count = found.masked[0]?.length ?? 0;
  for (let row = 0; row < count; row++) {
    const cells = found.columns.map(({ name }, index) => [name, found.masked[index]![row]!]);
    printJson("row", { table: found.table, row: Object.fromEntries(cells) });
  }
}
