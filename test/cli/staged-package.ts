import { copyFileSync, cpSync, existsSync, mkdtempSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { afterAll } from "vitest";
import { buildOnce } from "./build-once.ts";

const ROOT = resolve(import.meta.dirname, "..", "..");

/** The package as npm would install it, built from the sources under test. */
export interface StagedPackage {
  readonly folder: string;
  /** The command's file: run it with `process.execPath`. */
  readonly command: string;
}

/**
 * Puts a build of the package into a folder of its own: `dist/` may be old, or another build may be writing it. The folder is in node_modules, so that the
 * dependencies resolve, and has the package's name, so that `import "standin"` in the examples beside it finds this very build.
 */
export async function stagePackage(): Promise<StagedPackage> {
  const folder = mkdtempSync(join(ROOT, "node_modules", ".standin-test-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  copyFileSync(join(ROOT, "package.json"), join(folder, "package.json"));
  cpSync(join(ROOT, "examples"), join(folder, "examples"), { recursive: true });
  cpSync(await buildOnce(), join(folder, "dist"), { recursive: true });
  const command = join(folder, "dist", "cli.js");
  if (!existsSync(command)) throw new Error("The build made no dist/cli.js.");
  return { folder, command };
}
