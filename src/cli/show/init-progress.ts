import { fittedText } from "./fitted-text.ts";

export interface InitProgress {
  /** Says what is done now, in the place of what was said before. */
  say(what: string): void;
  /** Takes the line away. */
  end(): void;
}

/** One live line of what `init` is at: a large database takes a while. Where nobody looks on, nothing is said. */
export function initProgress(isShown: boolean, output: NodeJS.WriteStream = process.stderr): InitProgress {
  if (!isShown || output.isTTY !== true || process.env.TERM === "dumb") return { say: () => {}, end: () => {} };
  let isDrawn = false;
  const clear = () => {
    if (isDrawn) output.write("\r\x1b[0K");
    isDrawn = false;
  };
  return {
    say: (what) => {
      clear();
      // A line that wraps would be two when it is taken away.
      output.write(fittedText(`  ${what} …`, (output.columns || 80) - 1).trimEnd());
      isDrawn = true;
    },
    end: clear,
  };
}
