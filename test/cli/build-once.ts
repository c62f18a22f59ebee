import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { setTimeout } from "node:timers/promises";
import { build } from "tsup";

const ROOT = resolve(import.meta.dirname, "..", "..");
const MODULES = join(ROOT, "node_modules");
const SOURCES = join(ROOT, "src");
const LONGEST = 120_000;

/** What the builds of one run of the tests begin with. Its files run in processes of their own, whose parent the run is. */
export function buildsOf(run: number): { readonly folder: string; readonly prefix: string } {
  return { folder: MODULES, prefix: `.standin-build-${run}-` };
}

/** Sources that were changed since, while a run watches them, are another build. */
function sharedBuild(): string {
  const { folder, prefix } = buildsOf(process.ppid);
  const files = readdirSync(SOURCES, { recursive: true, encoding: "utf8" });
  const changed = Math.max(...files.map((file) => statSync(join(SOURCES, file)).mtimeMs));
  return join(folder, `${prefix}${Math.round(changed)}`);
}

/** Builds the package once for all test files of a run: the first that asks builds, the others wait. */
export async function buildOnce(): Promise<string> {
  const folder = sharedBuild();
  const [done, failed] = [join(folder, "done"), join(folder, "failed")];
  if (isFirst(folder)) {
    try {
      await build({ outDir: join(folder, "dist"), dts: false, sourcemap: false, silent: true });
      writeFileSync(done, "");
    } catch (error) {
      writeFileSync(failed, "");
      throw error;
    }
  }
  const started = performance.now();
  while (!existsSync(done)) {
    if (existsSync(failed) || performance.now() - started > LONGEST) throw new Error("The package could not be built.");
    await setTimeout(100);
  }
  return join(folder, "dist");
}

function isFirst(folder: string): boolean {
  try {
    mkdirSync(folder);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}
