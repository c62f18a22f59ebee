import { join } from "node:path";
import { EXIT_CODES } from "../src/cli/exit-codes.ts";
import { ERROR_ADVICE, ERROR_SECTIONS } from "./errors/index.ts";
import { table } from "./transform-facts.ts";

export const TROUBLESHOOTING_FILE = join(import.meta.dirname, "guides", "troubleshooting.md");

/** docs/guides/troubleshooting.md, which `npm run docs` writes: every error code with its cause and what to do. */
export function troubleshootingPage(): string {
  const sections = ERROR_SECTIONS.flatMap(([title, about, codes]) => [
    `## ${title}`,
    about,
    ...codes.flatMap((code) => [`### ${code}`, ERROR_ADVICE[code].cause, `**Do:** ${ERROR_ADVICE[code].remedy}`]),
  ]);
  const parts = [
    "# Troubleshooting by error code",
    "<!-- Written by `npm run docs` from docs/errors and src/cli/exit-codes.ts. -->",
    INTRODUCTION,
    table(["exit code", "meaning"], EXIT_CODES),
    ...sections,
  ];
  return `${parts.join("\n\n")}\n`;
}

const INTRODUCTION = `Every refusal and failure has a code in brackets, a place and a hint with the next step:

\`\`\`text
✗ customers.iban (text) has no rule. [COLUMN_UNCOVERED]
\`\`\`

The code is \`error.code\` of a \`StandinError\` in a program, and \`code\` in \`--json\` and \`--log json\`. Search this page for yours. No message holds a value of a row, so all of it may go
into a ticket. \`--debug\` adds the stack, \`npx standin explain table.column\` says why a column becomes what it becomes, and \`npx standin plan\` lists everything that is wrong at once.`;
