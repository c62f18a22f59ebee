import { generateMaskingKey } from "../../keys/masking-key.ts";
import type { CliContext } from "../show/print-error.ts";
import { printJson } from "../show/print-json.ts";

/** `standin keygen`: the key alone on standard output, so that it can go straight into a secret store. */
export async function keygenCommand({ json }: CliContext): Promise<void> {
  const key = generateMaskingKey();
  if (json) return printJson("key", { key });
  process.stdout.write(`${key}\n`);
  if (process.stdout.isTTY) {
    process.stderr.write("Keep it secret, and keep it: the same key gives the same mapping. Pass it as STANDIN_KEY.\n");
  }
}
