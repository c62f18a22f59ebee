import { styleText } from "node:util";

export type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

/**
 * Colours for one stream: none where it is no terminal, where NO_COLOR is set, or where the terminal is dumb. `styleText` by itself looks at
 * standard output only, or, in Node 20.19, at nothing.
 */
export function paintFor(output: NodeJS.WritableStream): Paint {
  const { NO_COLOR, TERM } = process.env;
  const isColoured = (output as NodeJS.WriteStream).isTTY === true && (NO_COLOR ?? "") === "" && TERM !== "dumb";
  return (format, text) => (isColoured ? styleText(format, text, { validateStream: false }) : text);
}
