import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { STAGED, stagePages } from "./stage-pages.ts";

// `npm run docs:site`: the repository's pages and the API's reference, as a site in docs/site/dist. Fetches what builds it once, into a folder of its own.

const FOLDER = import.meta.dirname;

function run(program: string, ...parameters: string[]): void {
  const { status, error } = spawnSync(program, parameters, {
    cwd: FOLDER,
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  if (error !== undefined) throw error;
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(join(FOLDER, "node_modules", "vitepress"))) run("npm", "ci", "--no-audit", "--no-fund");
stagePages();
run(join("node_modules", ".bin", "typedoc"));
leaveOutClasses(join(STAGED, "reference", "api"));
run(join("node_modules", ".bin", "vitepress"), "build");

/** typedoc lists every class under `when` as a property of its own, in each table that has it. The page of the policy's keys has them once. */
function leaveOutClasses(folder: string): void {
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"))) {
    const page = join(folder, file);
    writeFileSync(page, readFileSync(page, "utf8").replaceAll(/^\| `when\.\w+\?` .*\n/gm, ""));
  }
}
