import { existsSync, readFileSync } from "node:fs";

const folder = new URL("../../../shared/data/fpe/", import.meta.url);

/** Reads test material that lies beside the project and is not part of it. Null where it is missing: skip the suite visibly. */
export function sharedVectors<Shape>(name: string): Shape | null {
  const file = new URL(name, folder);
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Shape) : null;
}
