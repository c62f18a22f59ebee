import { execFile } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "tsup";
import { EXIT_CODES } from "../src/cli/exit-codes.ts";
import { table } from "./transform-facts.ts";

const ROOT = join(import.meta.dirname, "..");

export const COMMANDS_FILE = join(import.meta.dirname, "reference", "commands.md");

/** What a command prints for `--help`, by its name; of the program for none. */
export type HelpOf = (command?: string) => Promise<string>;

/** docs/reference/commands.md, which `npm run docs` writes from what each command says of itself. */
export async function commandsPage(helpOf: HelpOf): Promise<string> {
  const names = commandNames(await helpOf());
  const helps = await Promise.all(names.map(async (name) => [name, await helpOf(name)] as const));
  const parts = [
    "# The commands",
    "<!-- Written by `npm run docs` from the commands' --help. -->",
    INTRODUCTION,
    "## Exit codes",
    table(["code", "meaning"], EXIT_CODES),
    ...helps.flatMap(([name, help]) => [`## ${name}`, ...helpParts(help)]),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The commands that the program's help lists. */
export function commandNames(help: string): readonly string[] {
  const names = [...section(help, "Commands").matchAll(/^ {2}([a-z]\S*)/gm)].map(([, name]) => name!);
  return names.filter((name) => name !== "help");
}

function helpParts(help: string): readonly string[] {
  const [, usage] = /^Usage: (.+)$/m.exec(help)!;
  const [, about] = /^Usage: .+\n\n([\s\S]+?)\n\n(?:Arguments|Options):/.exec(help)!;
  const text = about!.replaceAll(/\s*\n\s*/g, " ");
  const lists = (["Arguments", "Options"] as const).map((title) =>
    terms(section(help, title)).filter(([term]) => term !== "-h, --help"),
  );
  const rows = lists.flat().map(([term, says]) => [`\`${term}\``, prose(says)]);
  return [
    `\`${usage}\``,
    prose(`${text[0]!.toUpperCase()}${text.slice(1)}.`),
    ...(rows.length === 0 ? [] : [table(["option", "does"], rows)]),
  ];
}

/** A help is no Markdown: `<table>` in it is no element. */
const prose = (text: string) => text.replaceAll("<", "&lt;").replaceAll("*", "\\*");

/** The lines under a title of a help. */
function section(help: string, title: string): string {
  return new RegExp(`^${title}:\\n((?: {2}.*\\n?)+)`, "m").exec(help)?.[1] ?? "";
}

/** Terms with what is said of them; a line that begins further to the right goes on with the one above. */
function terms(lines: string): readonly (readonly [term: string, says: string])[] {
  const found: [string, string][] = [];
  for (const line of lines.split("\n").filter((one) => one.trim() !== "")) {
    const [, term, says] = /^ {2}(\S(?:.*?\S)?)(?: {2,}(\S.*))?$/.exec(line) ?? [];
    if (term !== undefined) found.push([term, says ?? ""]);
    else found.at(-1)![1] += ` ${line.trim()}`;
  }
  return found.map(([term, says]) => [term, says.trim()]);
}

/** Builds the command from src for as long as it is asked. */
export async function withBuiltHelp<Result>(use: (helpOf: HelpOf) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(ROOT, "node_modules", ".standin-docs-"));
  try {
    copyFileSync(join(ROOT, "package.json"), join(folder, "package.json"));
    await build({
      config: join(ROOT, "tsup.config.ts"),
      outDir: join(folder, "dist"),
      dts: false,
      sourcemap: false,
      silent: true,
    });
    return await use(async (command) => {
      const parameters = [join(folder, "dist", "cli.js"), ...(command === undefined ? [] : [command]), "--help"];
      return (await promisify(execFile)(process.execPath, parameters, { env: { ...process.env, NO_COLOR: "1" } })).stdout;
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const INTRODUCTION = `\`npx standin <command>\`. No command asks anything, so all but \`preview\` and \`reveal\` work without a terminal. Every command takes \`--help\`; what a run tells on the way, and how it is
limited and stopped, is in [Running it unattended](../operations.md).`;
