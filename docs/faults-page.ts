import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Fault, PROCESS_FAULTS, SERVER_FAULTS } from "./fault-matrix.ts";
import { table } from "./transform-facts.ts";

export const FAULTS_FILE = join(import.meta.dirname, "faults.md");

/** docs/faults.md, which `npm run docs` writes: what a run withstands, and the tests that show it. */
export function faultsPage(): string {
  const parts = [
    "# What a run withstands",
    "<!-- Written by `npm run docs` from docs/fault-matrix.ts. -->",
    INTRODUCTION,
    "## Servers and networks",
    faultsTable(SERVER_FAULTS),
    "## The process and its machine",
    faultsTable(PROCESS_FAULTS),
    "## The memory of the process",
    MEMORY,
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The page as it was written last. */
export function faultsPageAsWritten(): string {
  return readFileSync(FAULTS_FILE, "utf8");
}

const INTRODUCTION = `Each fault is struck against real servers, at points that a seed draws where it can strike anywhere: at one of them in \`npm test\`, at twenty in
\`npm run test:faults\`. After each one the same holds: the run ended in time with one error, which has a code, a phase and where there is one a table; the target is as
it was, or complete; no session, lock or file is left; nothing that was told holds a value. What is open is said in the last column.`;

const MEMORY = `Rows pass through the process's memory before they are masked, a few hundred kilobytes at a time, and the key is there from the first row to the last. Who may
read the memory reads both: a core dump (\`ulimit -c 0\` makes none), a heap snapshot, a debugger behind \`--inspect\`, a module that \`NODE_OPTIONS\` loads. Run standin as a
user of its own on a machine where nobody else is one.`;

const faultsTable = (faults: readonly Fault[]) =>
  table(
    ["", "fault", "what the run does", "shown by", "open"],
    faults.map(({ id, fault, expected, shown, open = "" }) => [
      id,
      fault,
      expected,
      Object.keys(shown).map(fileLink).join(", "),
      open,
    ]),
  );

const fileLink = (file: string) => `[${file.replace(/^test\//, "").replace(/\.test\.ts$|\.ts$/, "")}](../${file})`;
