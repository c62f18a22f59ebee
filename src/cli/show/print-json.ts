import { sayInJson } from "../../option-spec.ts";

/** One object on one line: what `--json` promises. Every line says in `type` what it is. */
export function printJson(type: string, data: object, output: NodeJS.WritableStream = process.stdout): void {
  output.write(`${JSON.stringify({ type, ...data }, sayInJson)}\n`);
}
