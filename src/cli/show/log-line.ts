import { sayInJson } from "../../option-spec.ts";

export type LogLevel = "info" | "warn" | "error";

/** One object on one line of standard error, for whoever gathers logs: what `--log json` promises. Fields are names, counts, codes and durations: never a value. */
export function logLine(
  level: LogLevel,
  event: string,
  fields: object = {},
  output: NodeJS.WritableStream = process.stderr,
): void {
  output.write(`${JSON.stringify({ time: new Date().toISOString(), level, event, ...fields }, sayInJson)}\n`);
}
