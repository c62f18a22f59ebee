import { describe, expect, it } from "vitest";
import { initProgress } from "../../src/cli/show/init-progress.ts";

function screen(columns?: number) {
  const output = {
    text: "",
    isTTY: columns !== undefined,
    columns,
    write(text: string) {
      output.text += text;
      return true;
    },
  };
  return output as typeof output & NodeJS.WriteStream;
}

describe("initProgress", () => {
  it("says in one line that fits what is looked at, and takes it away once", () => {
    const output = screen(20);
    const progress = initProgress(true, output);
    progress.say("looking at customers (1 of 15)");
    progress.say("deciding");
    progress.end();
    progress.end();
    expect(output.text).toBe("  looking at custo…\r\x1b[0K  deciding …\r\x1b[0K");
  });

  it("says nothing to a file, nor where machines read", () => {
    for (const [isShown, output] of [
      [true, screen()],
      [false, screen(80)],
    ] as const) {
      initProgress(isShown, output).say("looking");
      expect(output.text).toBe("");
    }
  });
});
