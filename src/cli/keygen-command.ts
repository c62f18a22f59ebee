import { generateMaskingKey } from "../keys/masking-key.ts";
import type { CliContext } from "./print-error.ts";

/** `standin keygen`: the key alone on standard output, so that it can go straight into a secret store. */
export async function keygenCommand({ json }: CliContext): Promise<void> {
  const key = generateMaskingKey();
  process.stdout.write(json ? `${JSON.stringify({ key })}\n` : `${key}\n`);
  if (process.stdout.isTTY && !json) {
    process.stderr.write("Keep it secret, and keep it: the same key gives the same mapping. Pass it as STANDIN_KEY.\n");
  }
}
