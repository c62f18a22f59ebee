import { execFileSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { spawnProgram } from "../cli/spawned-command.ts";
import type { StagedPackage } from "../cli/staged-package.ts";
import { TEST_KEY } from "../test-key.ts";
import { type Block, blocksOf, placeOf } from "./page-blocks.ts";
import { ROOT, readPage } from "./readme-blocks.ts";

export interface Follow {
  readonly staged: StagedPackage;
  readonly env?: Readonly<Record<string, string>>;
  /** Whether standin is installed before the page begins, as in the folder of a reader who followed another. */
  readonly isInstalled?: boolean;
  /** The packed package, to be installed by npm itself, with its dependencies: takes a registry. Without it the build is linked. */
  readonly tarball?: string;
}

/** What a page shows, and what was printed: equal where the page is true. */
export interface Shown {
  readonly place: string;
  readonly shown: string;
  readonly printed: string;
}

/**
 * Follows a page word for word in an empty folder, as a reader would: writes its files, runs its commands in one shell after the other, and compares what they
 * print with the blocks of output below them. A command has to succeed, unless it says `# exits 3`.
 *
 * Two things are not as on a reader's machine: a key that the page makes is made, and then the tests' is taken, so that masked values are those on the page; and
 * what `preview` shows on a terminal alone it shows here.
 */
export async function followPage(page: string, follow: Follow): Promise<readonly Shown[]> {
  const room = realpathSync(mkdtempSync(join(tmpdir(), "standin-follow-")));
  const [folder, tools, state] = ["work", "tools", "state"].map((name) => join(room, name));
  for (const made of [folder!, tools!, state!]) mkdirSync(made);
  writeFileSync(join(state!, "cwd"), folder!);
  writeFileSync(join(state!, "env"), "");
  makeTools(tools!, follow);
  if (follow.isInstalled) execFileSync("bash", [join(tools!, "npm"), "install", "standin"], { cwd: folder! });
  const env = { PATH: `${tools}${delimiter}${process.env.PATH}`, ...follow.env };
  const found: Shown[] = [];
  const outputs: [Block, string][] = [];
  let printed: string | null = null;
  try {
    for (const block of blocksOf(page)) {
      if ("not run" in block.notes) continue;
      if (block.language === "sh") printed = await runBlock(block, state!, env);
      else if (block.file !== null) putFile(join(readFileSync(join(state!, "cwd"), "utf8").trim(), block.file), block);
      else if (block.isOutput && printed !== null) {
        const shown = block.code.trimEnd();
        if (!isLike(printed, shown)) outputs.push([block, printed]);
        found.push({
          place: placeOf(block),
          shown: plain(shown),
          printed: isLike(printed, shown) ? plain(shown) : plain(printed),
        });
      }
    }
  } finally {
    rmSync(room, { recursive: true, force: true });
  }
  if (process.env.UPDATE_DOCS !== undefined) writeOutputs(page, outputs);
  return found;
}

/** Puts what was printed into the page: `UPDATE_DOCS=1 npx vitest run test/docs/follow.test.ts`, and then read the difference. */
function writeOutputs(page: string, outputs: readonly (readonly [Block, string])[]): void {
  const lines = readPage(page).split("\n");
  for (const [{ line, code }, printed] of outputs.toReversed())
    lines.splice(line, code.split("\n").length - 1, ...printed.split("\n"));
  writeFileSync(join(ROOT, page), lines.join("\n"));
}

async function runBlock(block: Block, state: string, env: Readonly<Record<string, string>>): Promise<string> {
  const makesKey = block.code.includes("standin keygen");
  if (makesKey && !/^(export .*standin keygen\)"\n)+$/.test(block.code))
    throw new Error(`${placeOf(block)} uses a key in the block that makes it.`);
  const expected = Number(/# exits (\d+)/.exec(block.code)?.[1] ?? 0);
  const script = `cd "$(cat '${state}/cwd')"; . '${state}/env'
trap "export -p > '${state}/env'; pwd > '${state}/cwd'" EXIT
set -o pipefail${expected === 0 ? " -e" : ""}
${block.code}`;
  const limitMilliseconds = 120_000;
  const { code, stdout, stderr } = await spawnProgram("bash", ["-c", script], { cwd: state, env, limitMilliseconds }).finished;
  if (code !== expected)
    throw new Error(`${placeOf(block)} ended with ${code}, not ${expected}:\n${block.code}\n${stdout}\n${stderr}`);
  if (makesKey) takeTestKeys(block, join(state, "env"));
  // Progress and notes are for the moment; a command that refuses says nothing else.
  const told = stderr.split("\n").filter((line) => !/\d+\/s$|^npm |^$/.test(line));
  return stdout.trim() === "" ? told.join("\n").trim() : stdout.trim();
}

/** Puts the tests' keys into the place of those that a page made and exported: the second of a page is another than the first. */
function takeTestKeys(block: Block, file: string): void {
  const before = readFileSync(file, "utf8");
  let taken = before.split(TEST_KEY).length - 1 + before.split(OTHER_KEY).length - 1;
  const after = before.replaceAll(
    /(KEY\w*)="standin_key_[\w-]{43}"/g,
    (_, name) => `${name}="${taken++ === 0 ? TEST_KEY : OTHER_KEY}"`,
  );
  if (after === before) throw new Error(`${placeOf(block)} exports no key that keygen made.`);
  writeFileSync(file, after);
}

const OTHER_KEY = TEST_KEY.split("").reverse().join("");

/** Writes a file, or changes lines of one as a diff shows it, whose parts stand apart by `@@`. */
function putFile(path: string, block: Block): void {
  mkdirSync(dirname(path), { recursive: true });
  if (block.language !== "diff") {
    writeFileSync(path, block.code);
    return;
  }
  let text = readFileSync(path, "utf8");
  for (const part of block.code.split(/^@@.*\n/m)) {
    const lines = part.split("\n").slice(0, -1);
    const [from, to] = ["+", "-"].map((other) =>
      lines.flatMap((line) => (line.startsWith(other) ? [] : [`${line.slice(1)}\n`])).join(""),
    );
    if (!text.includes(from!)) throw new Error(`${placeOf(block)}: ${block.file} has no lines\n${from}`);
    text = text.replace(from!, () => to!);
  }
  writeFileSync(path, text);
}

/** Without what is another in each run. */
const plain = (text: string) =>
  text
    .replaceAll(/\b\d+(?:\.\d+)? (?:ms|s)\b/g, "0 ms")
    .replaceAll(/xxh64:[0-9a-f]{16}/g, "xxh64:…")
    .replaceAll(/ +$/gm, "");

/** Whether a text is what a page shows, where a line of … stands for any number of lines. */
function isLike(printed: string, shown: string): boolean {
  const parts = plain(shown)
    .split(/^\s*(?:#\s*)?…$/m)
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join("[\\s\\S]*?")}$`).test(plain(printed));
}

/** `npm` and `npx` as they are, but for an install of standin, which is this build. */
function makeTools(tools: string, { staged, tarball }: Follow): void {
  const npm = execFileSync("bash", ["-c", "command -v npm"], { encoding: "utf8" }).trim();
  const tool = (name: string, lines: readonly string[]) => {
    writeFileSync(join(tools, name), `#!/usr/bin/env bash\n${lines.join("\n")}\n`);
    chmodSync(join(tools, name), 0o755);
  };
  const link = `mkdir -p node_modules/.bin && ln -sfn '${staged.folder}' node_modules/standin && ln -sfn '${staged.command}' node_modules/.bin/standin`;
  const install = tarball === undefined ? link : `exec '${npm}' install "\${@:3}" '${tarball}'`;
  tool("npm", [`if [ "$1 $2" = "install standin" ]; then ${install}; else exec '${npm}' "$@"; fi`]);
  tool("npx", [
    'program="$1"; shift',
    // A preview is for a terminal alone.
    'if [ "$program $1" = "standin preview" ]; then set -- "$@" --originals-may-leave-the-terminal; fi',
    'exec node "$(readlink -f "node_modules/.bin/$program")" "$@"',
  ]);
  if (!existsSync(staged.command)) throw new Error("There is no build to follow a page with.");
}
