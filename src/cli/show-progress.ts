import type { OnProgress } from "../pipeline/progress.ts";
import { liveProgress } from "./live-progress.ts";
import { jsonProgress, plainProgress } from "./plain-progress.ts";
import type { CliContext } from "./print-error.ts";

export interface ShownProgress {
  readonly onProgress: OnProgress;
  /** Takes away what is not to stay. May be called twice. */
  end(): void;
}

/** Shows a run's progress: bars on a terminal, plain lines elsewhere, JSON where machines read. */
export function showProgress({ json }: CliContext, output: NodeJS.WriteStream = process.stderr): ShownProgress {
  if (json) return jsonProgress(process.stdout);
  const canRedraw = output.isTTY === true && process.env.TERM !== "dumb";
  return canRedraw ? liveProgress(output) : plainProgress(output);
}
