import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { STAGED, stagePages } from "./stage-pages.ts";

// `npm run docs:site`: the repository's pages and the API's reference, as a site in docs/site/dist. Fetches what builds it once, into a folder of its own.

/** What the page above the API's pages says. */
const API_BEGINNING = `# The API

What an editor shows on hovering, on pages: what each function does for its caller, its options with their defaults, and what it throws. Begin with \`definePolicy\`, \`refresh\` and
\`createMasker\` of \`standin\`; masks are told of at more length in [the masks](/masks). A program imports`;

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
tidyApi(join(STAGED, "reference", "api"));
run(join("node_modules", ".bin", "vitepress"), "build");

/**
 * typedoc lists every class under `when` as a property of its own, in each table that has it. The page of the policy's keys has them once. Options that are taken
 * apart where a function begins have no name; everywhere else they are called options.
 */
function tidyApi(folder: string): void {
  for (const file of readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".md"))) {
    const page = join(folder, file);
    const text = readFileSync(page, "utf8")
      .replaceAll(/^\| `when\.\w+\?` .*\n/gm, "")
      .replaceAll("__namedParameters", "options");
    writeFileSync(page, file === "index.md" ? text.replace(/^# standin\n\n## Modules/, API_BEGINNING) : text);
  }
}
