import type { OnProgress } from "../../pipeline/progress.ts";
import { liveProgress } from "./live-progress.ts";
import { logProgress } from "./log-progress.ts";
import { jsonProgress, plainProgress } from "./plain-progress.ts";
import type { CliContext } from "./print-error.ts";

export interface ShownProgress {
  readonly onProgress: OnProgress;
  /** Takes away what is not to stay. May be called twice. */
  end(): void;
}

/** Shows a run's progress: bars on a terminal, plain lines elsewhere, JSON where machines read, and lines of a log where one is kept. */
export function showProgress({ json, log }: CliContext, output: NodeJS.WriteStream = process.stderr): ShownProgress {
  if (log === "json") return json ? both(jsonProgress(process.stdout), logProgress(output)) : logProgress(output);
  if (json) return jsonProgress(process.stdout);
  const canRedraw = output.isTTY === true && process.env.TERM !== "dumb";
  return canRedraw ? liveProgress(output) : plainProgress(output);
}

function both(...shown: readonly ShownProgress[]): ShownProgress {
  return {
    onProgress: (event) => {
      for (const { onProgress } of shown) onProgress(event);
    },
    end: () => {
      for (const one of shown) one.end();
    },
  };
}
