import { access } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type Finding, StandinError } from "../../errors.ts";
import type { Policy } from "../define-policy.ts";
import { finishPolicy, invalidPolicy, type ReadOptions } from "../parse/finish-policy.ts";
import { pluginsOf } from "../parse/parse-draft.ts";
import { parseCode } from "../parse/parse-policy.ts";
import { createNode } from "../parse/policy-node.ts";
import { type ImportPlugin, loadPlugins } from "./load-plugins.ts";
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
  /** Modules that the policy names, and that ran when it was read. */
  readonly plugins: readonly string[];
}

export interface LoadOptions extends ReadOptions {
  /** Runs a module that the policy names in `plugins`. @default a policy with plug-ins is refused */
  readonly importPlugin?: ImportPlugin | undefined;
}

/** Runs a module of the user's and gives its default export. The command hands one in that understands TypeScript. */
export type ImportModule = (file: string) => Promise<unknown>;

/** Reads a policy file with all that it includes. Without a path it looks for `standin.policy.*` in the folder. */
export async function loadPolicy(
  path: string | undefined,
  folder: string,
  importModule: ImportModule,
  options: LoadOptions = {},
): Promise<LoadedPolicy> {
  const file = path === undefined ? await findPolicy(folder) : resolve(folder, path);
  const text = await readText(file);
  if (text === null)
    throw new StandinError("POLICY_NOT_FOUND", `The policy ${file} cannot be read.`, {
      file,
      hint: `${(await isThere(file)) ? "Check that it may be read" : "There is no such file"}: see the path given with --policy.`,
    });
  if (isDataFile(file)) {
    const findings: Finding[] = [];
    const { draft, plugins } = await readDraft(file, text, findings, options.importPlugin);
    if (findings.length > 0) throw invalidPolicy(findings);
    return { policy: finishPolicy(draft, options), file, isCode: false, plugins };
  }
  const loaded = await runModule(importModule, file);
  const findings: Finding[] = [];
  const layout = readCode(file, text, findings);
  const plugins = pluginsOf(createNode(loaded, layout ?? undefined));
  const transforms = await loadPlugins(file, plugins, options.importPlugin, findings);
  const policy = parseCode(loaded, { layout, findings, transforms }, options);
  return { policy, file, isCode: true, plugins: plugins.map(({ value }) => value) };
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

const isThere = (file: string) =>
  access(file).then(
    () => true,
    () => false,
  );

async function findPolicy(folder: string): Promise<string> {
  for (const name of FILE_NAMES) {
    const file = join(folder, name);
    if (await isThere(file)) return file;
  }
  throw new StandinError("POLICY_NOT_FOUND", `There is no standin.policy.ts, .js, .yaml or .json in ${folder}.`, {
    hint: "Have one proposed: npx standin init. Or name yours with --policy.",
  });
}
