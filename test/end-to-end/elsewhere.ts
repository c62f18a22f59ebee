import { execFile } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { promisify } from "node:util";

/**
 * Calls an exported function in another Node process, with other environment variables where they matter: arguments and result go as JSON.
 * The module must not import the test runner.
 */
export async function callElsewhere(
  module: string,
  name: string,
  parameters: readonly unknown[],
  env: Readonly<Record<string, string>> = {},
): Promise<unknown> {
  const jiti = join(dirname(createRequire(import.meta.url).resolve("jiti/package.json")), "lib", "jiti-cli.mjs");
  const program = join(import.meta.dirname, "elsewhere-process.ts");
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [jiti, program, join(import.meta.dirname, module), name, JSON.stringify(parameters)],
    { env: { ...process.env, ...env }, maxBuffer: 2 ** 26, timeout: 60_000 },
  );
  return JSON.parse(stdout);
}
