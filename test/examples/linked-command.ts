import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StagedPackage } from "../cli/staged-package.ts";

/** Puts the package under test into a folder's node_modules, with its command, as an install does. */
export function linkStandin(folder: string, { folder: staged, command }: StagedPackage): void {
  const bin = join(folder, "node_modules", ".bin");
  mkdirSync(bin, { recursive: true });
  symlinkSync(staged, join(folder, "node_modules", "standin"));
  writeFileSync(join(bin, "standin"), `#!/bin/sh\nexec "${process.execPath}" "${command}" "$@"\n`);
  chmodSync(join(bin, "standin"), 0o755);
}
