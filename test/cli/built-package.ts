import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { stagePackage } from "./staged-package.ts";

/** The package as it is built, in this process: a run's threads run what is built. */
export async function builtPackage(): Promise<typeof import("../../src/index.ts")> {
  const { folder } = await stagePackage();
  return import(pathToFileURL(join(folder, "dist", "index.js")).href);
}
