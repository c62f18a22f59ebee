import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { type SpawnedCommand, spawnProgram } from "../cli/spawned-command.ts";
import type { StagedPackage } from "../cli/staged-package.ts";

const ROOT = resolve(import.meta.dirname, "..", "..");
/** Runs TypeScript. */
export const JITI = join(ROOT, "node_modules", "jiti", "lib", "jiti-cli.mjs");

/** The command that examples/README.md gives for a folder: its section's one shell block. */
export function exampleCommand(name: string): string {
  const readme = readFileSync(join(ROOT, "examples", "README.md"), "utf8");
  const section = readme.split(/^## /m).find((one) => one.startsWith(`${name}\n`));
  const command = /```sh\n(.*)\n```/.exec(section ?? "")?.[1];
  if (command === undefined) throw new Error(`examples/README.md has no one-line command for ${name}.`);
  return command;
}

/** Runs it, in a copy of the repository that holds this build. Only `npx` is taken out, which would look for packages on the network. */
export function startExample(
  name: string,
  { folder, command }: StagedPackage,
  env: Readonly<Record<string, string>> = {},
): SpawnedCommand {
  const script = exampleCommand(name)
    .replaceAll("npx standin", `"${process.execPath}" "${command}"`)
    .replaceAll("npx jiti", `exec "${process.execPath}" "${JITI}"`)
    // An assignment before `exec` would be lost.
    .replace(/^((?:\w+=\S*\([^)]*\) |\w+=\S+ )+)exec /, (_, assignments: string) => `export ${assignments}; exec `);
  return spawnProgram("sh", ["-c", script], { cwd: folder, env });
}
