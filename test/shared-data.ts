import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe } from "vitest";

const ROOT = join(import.meta.dirname, "..", "..", "shared", "data");

/** A path in the shared test material, which is not part of the project. */
export const sharedData = (...parts: string[]): string => join(ROOT, ...parts);

/** Runs a suite where its material exists, and says so where it does not. */
export function describeWithData(name: string, path: string, suite: () => void): void {
  if (existsSync(sharedData(path))) describe(name, suite);
  else describe.skip(`${name} (skipped: there is no ../shared/data/${path})`, suite);
}
