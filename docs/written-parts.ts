import { demoOutput } from "./demo-output.ts";
import { planOutput } from "./plan-output.ts";
import { refusalOutput } from "./refusal-output.ts";
import { transformsTable } from "./transforms-table.ts";

/** Parts of the README that code writes, each between two comments that name it. */
const PARTS: Readonly<Record<string, (readme: string) => string | Promise<string>>> = {
  demo: async () => asText(await demoOutput()),
  plan: (readme) => asText(planOutput(readme)),
  refusal: () => asText(refusalOutput()),
  transforms: transformsTable,
};

const asText = (output: string) => `\`\`\`text\n${output}\n\`\`\``;

/** The README with every part that code writes written anew. `npm run docs` puts it in its place, and a test tells when it is stale. */
export async function withWrittenParts(readme: string): Promise<string> {
  let written = readme;
  for (const [name, write] of Object.entries(PARTS)) {
    const start = `<!-- ${name}: written by \`npm run docs\` -->`;
    const end = `<!-- end of ${name} -->`;
    const [from, to] = [written.indexOf(start), written.indexOf(end)];
    if (from < 0 || to < from) throw new Error(`The README has no ${start} … ${end}.`);
    written = `${written.slice(0, from + start.length)}\n\n${await write(readme)}\n\n${written.slice(to)}`;
  }
  return written;
}
