import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Finding, StandinError } from "../errors.ts";
import type { Policy } from "./define-policy.ts";
import { finishPolicy, invalidPolicy, type ReadOptions } from "./finish-policy.ts";
import { parseCode } from "./parse-policy.ts";
import { readCode } from "./read-code.ts";
import { isDataFile, readDraft } from "./read-draft.ts";
import { readText } from "./read-text.ts";

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

/** Reads a policy file with all that it includes. Without a path it looks for `standin.policy.*` in the folder. */
export async function loadPolicy(
  path: string | undefined,
  folder: string,
  importModule: ImportModule,
  options: ReadOptions = {},
): Promise<LoadedPolicy> {
  const file = path === undefined ? await findPolicy(folder) : resolve(folder, path);
  const text = await readText(file);
  if (text === null)
    throw new StandinError("POLICY_NOT_FOUND", `The policy ${file} cannot be read.`, {
      file,
      hint: "Check the path given with --policy.",
    });
  if (isDataFile(file)) {
    const findings: Finding[] = [];
    const draft = await readDraft(file, text, findings);
    if (findings.length > 0) throw invalidPolicy(findings);
    return { policy: finishPolicy(draft, options), file, isCode: false };
  }
  const loaded = await runModule(importModule, file);
  const findings: Finding[] = [];
  const layout = await readCode(file, text, findings);
  return { policy: parseCode(loaded, { layout, findings }, options), file, isCode: true };
}

async function runModule(importModule: ImportModule, file: string): Promise<unknown> {
  const exported = await importModule(file).catch((error: unknown) => {
    if (error instanceof StandinError) throw error;
    throw new StandinError(
      "POLICY_INVALID",
      `${file} could not be loaded: ${error instanceof Error ? error.message : "it threw"}`,
      { file },
    );
  });
  if (typeof exported !== "function") return exported;
  throw new StandinError("POLICY_INVALID", `${file} exports a function, and a policy is an object.`, {
    file,
    hint: "Export what it gives: export default policy(). A promise of a policy is fine.",
  });
}

async function findPolicy(folder: string): Promise<string> {
  for (const name of FILE_NAMES) {
    const file = join(folder, name);
    const isThere = await access(file).then(
      () => true,
      () => false,
    );
    if (isThere) return file;
  }
  throw new StandinError("POLICY_NOT_FOUND", `There is no standin.policy.ts, .js, .yaml or .json in ${folder}.`, {
    hint: "Write one (the README shows how), or name it with --policy.",
  });
}
