import { readFile } from "node:fs/promises";
import { extname, join, resolve } from "node:path";
import { StandinError } from "../errors.ts";
import type { Policy } from "./define-policy.ts";
import { parsePolicy } from "./parse-policy.ts";

/** Where a policy is looked for, first match first. */
const FILE_NAMES = ["ts", "mts", "js", "mjs", "yaml", "yml", "json"].map((ending) => `standin.policy.${ending}`);

export interface LoadedPolicy {
  readonly policy: Policy;
  readonly file: string;
  /** A policy in TypeScript or JavaScript ran as code; one in YAML or JSON is data and can do nothing. */
  readonly isCode: boolean;
}

/** Runs a module of the user's and gives its default export. The command hands one in that understands TypeScript. */
export type ImportModule = (file: string) => Promise<unknown>;

/** Reads a policy file. Without a path it looks for `standin.policy.*` in the folder. */
export async function loadPolicy(path: string | undefined, folder: string, importModule: ImportModule): Promise<LoadedPolicy> {
  const file = path === undefined ? await findPolicy(folder) : resolve(folder, path);
  const ending = extname(file);
  if (ending === ".yaml" || ending === ".yml" || ending === ".json") {
    const data = await readData(file, ending);
    return { policy: parsePolicy(withEnvironment(data, process.env)), file, isCode: false };
  }
  await readText(file);
  const loaded = await importModule(file).catch((error: unknown) => {
    if (error instanceof StandinError) throw error;
    throw new StandinError(
      "POLICY_INVALID",
      `${file} could not be loaded: ${error instanceof Error ? error.message : "it threw"}`,
      { file },
    );
  });
  return { policy: parsePolicy(loaded), file, isCode: true };
}

async function findPolicy(folder: string): Promise<string> {
  for (const name of FILE_NAMES) {
    const file = join(folder, name);
    if ((await readFile(file, "utf8").catch(() => null)) !== null) return file;
  }
  throw new StandinError("POLICY_NOT_FOUND", `There is no standin.policy.ts, .js, .yaml or .json in ${folder}.`, {
    hint: "Write one (the README shows how), or name it with --policy.",
  });
}

async function readText(file: string): Promise<string> {
  return readFile(file, "utf8").catch(() => {
    throw new StandinError("POLICY_NOT_FOUND", `The policy ${file} cannot be read.`, {
      file,
      hint: "Check the path given with --policy.",
    });
  });
}

async function readData(file: string, ending: string): Promise<unknown> {
  const text = (await readText(file)).replace(/^\uFEFF/, "");
  const isJson = ending === ".json";
  const { parseDocument } = await import("yaml");
  // JSON as well: JSON.parse takes the last of two rules for one column without a word.
  const document = parseDocument(text, { logLevel: "silent" });
  const [mistake] = document.errors;
  const twice = document.errors.find(({ code }) => code === "DUPLICATE_KEY");
  if (twice !== undefined) throw malformed(file, "says one thing twice", twice, "Keep one of the two.");
  if (!isJson && mistake !== undefined) throw malformed(file, "is not YAML", mistake, hintOf(mistake));
  const [tag] = document.warnings;
  if (!isJson && tag !== undefined) throw malformed(file, "has a tag, and a policy is plain data", tag, "Take the tag out.");
  try {
    return isJson ? JSON.parse(text) : document.toJS({ maxAliasCount: 100 });
  } catch {
    // V8 does not say where JSON is broken. The YAML parser, to which nearly all JSON is YAML, does.
    if (isJson) throw malformed(file, "is not JSON", mistake ?? {}, hintOf(mistake ?? {}));
    throw malformed(file, "has aliases that unfold without bound", {}, "Write out what the aliases stand for.");
  }
}

function hintOf({ linePos }: Located): string {
  return `Look ${linePos === undefined ? "" : "there and just before "}for a missing value, bracket, quote or comma, a comma too many, or a wrong indent.`;
}

interface Located {
  readonly linePos?: readonly { readonly line: number; readonly col: number }[] | undefined;
}

/** Where it is, and no more: the parsers quote the text. */
function malformed(file: string, what: string, { linePos }: Located, hint: string): StandinError {
  const where = linePos?.[0] === undefined ? "" : ` at line ${linePos[0].line}, column ${linePos[0].col}`;
  return new StandinError("POLICY_INVALID", `${file} ${what}${where}.`, { file, hint });
}

/** Puts environment variables into source and target, `${PROD_URL}`: a policy in a repository names its secrets and does not hold them. */
function withEnvironment(data: unknown, environment: NodeJS.ProcessEnv): unknown {
  if (typeof data !== "object" || data === null) return data;
  const policy: Record<string, unknown> = { ...data };
  for (const role of ["source", "target"]) {
    const location = policy[role];
    if (typeof location !== "string") continue;
    policy[role] = location.replace(/\$\{(\w+)\}/g, (_, name: string) => {
      const value = environment[name];
      if (value !== undefined && value !== "") return value;
      throw new StandinError(
        "LOCATION_INVALID",
        `The policy's ${role} needs the environment variable ${name}, which is not set.`,
        {
          hint: `Set ${name} and run again.`,
        },
      );
    });
  }
  return policy;
}
