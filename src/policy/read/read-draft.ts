import { realpath } from "node:fs/promises";
import { basename, dirname, extname, resolve } from "node:path";
import type { Finding, Place } from "../../errors.ts";
import type { DraftKind } from "../parse/draft-keys.ts";
import { parseDraft, pluginsOf } from "../parse/parse-draft.ts";
import { EMPTY_DRAFT, layOver, type Placed, type PolicyDraft } from "../parse/policy-draft.ts";
import type { TransformLookup } from "../parse/transform-lookup.ts";
import { type ImportPlugin, loadPlugins } from "./load-plugins.ts";
import { type PolicyData, readData } from "./read-data.ts";
import { readText } from "./read-text.ts";

/** Whether a file is data by its ending; else it is code. */
export function isDataFile(file: string): boolean {
  return [".yaml", ".yml", ".json"].includes(extname(file).toLowerCase());
}

interface Reading {
  readonly findings: Finding[];
  readonly transforms: TransformLookup;
  /** The files from the policy down to this one, to see a circle. */
  readonly path: readonly string[];
}

export interface ReadDraft {
  readonly draft: PolicyDraft;
  /** The modules that ran. */
  readonly plugins: readonly string[];
}

/** Reads a policy in YAML or JSON with all that it includes. Every mistake in any of the files is pushed to `findings`. */
export async function readDraft(
  file: string,
  text: string,
  findings: Finding[],
  importPlugin: ImportPlugin | undefined,
): Promise<ReadDraft> {
  const data = await readData(file, text);
  const plugins = data.node === null ? [] : pluginsOf(data.node);
  const transforms = await loadPlugins(file, plugins, importPlugin, findings);
  const path = [await realpath(file).catch(() => file)];
  const draft = await readOne(file, data, "policy", { findings, transforms, path });
  return { draft: { ...draft, file }, plugins: plugins.map(({ value }) => value) };
}

async function readOne(file: string, { node, findings }: PolicyData, kind: DraftKind, reading: Reading): Promise<PolicyDraft> {
  reading.findings.push(...findings);
  if (node === null) return EMPTY_DRAFT;
  const { draft, includes } = parseDraft(node, kind, reading.findings, reading.transforms);
  let base = EMPTY_DRAFT;
  for (const include of includes) {
    const included = await readInclude(file, include, reading);
    reportClashes(base, included, draft, include, reading.findings);
    base = layOver(base, included);
  }
  return layOver(base, draft);
}

async function readInclude(from: string, { value, place }: Placed<string>, reading: Reading): Promise<PolicyDraft> {
  const refuse = (message: string, hint: string) => {
    reading.findings.push({ code: "POLICY_INVALID", severity: "error", message, ...place, hint });
    return EMPTY_DRAFT;
  };
  if (/^[a-z][a-z0-9+.-]+:/i.test(value))
    return refuse("An include is a local file, and this one is a URL.", "Copy the file beside the policy.");
  if (!isDataFile(value))
    return refuse(`An include is a file of YAML or JSON, and ${value} is none.`, "Name a .yaml, .yml or .json file.");
  const file = resolve(dirname(from), value);
  const real = await realpath(file).catch(() => file);
  if (reading.path.includes(real)) {
    const circle = [...reading.path.slice(reading.path.indexOf(real)), real].map((one) => basename(one)).join(" → ");
    return refuse(`The includes go in a circle: ${circle}.`, "Take one of them out.");
  }
  const text = await readText(file);
  if (text === null) return refuse(`The included file ${value} cannot be read.`, `It is looked for beside ${basename(from)}.`);
  return readOne(file, await readData(file, text), "include", { ...reading, path: [...reading.path, real] });
}

/** Two included files that decide about one thing: neither is over the other, so the policy itself must say. */
function reportClashes(
  base: PolicyDraft,
  included: PolicyDraft,
  own: PolicyDraft,
  { value }: Placed<string>,
  findings: Finding[],
): void {
  const clash = (what: string, one: Place | undefined, other: Place) => {
    if (one === undefined || (one.file === other.file && one.line === other.line)) return;
    const message = `${what} is decided in ${basename(one.file ?? "")} line ${one.line} and again in ${value}.`;
    const hint = "Take one of them out, or decide in the policy itself.";
    findings.push({ code: "POLICY_INVALID", severity: "error", message, ...other, hint });
  };
  for (const section of ["columns", "when", "classes"] as const)
    for (const [name, { place }] of included[section])
      if (!own[section].has(name)) clash(`${section} → ${name}`, base[section].get(name)?.place, place);
  for (const [name, table] of included.tables) {
    const [there, here] = [base.tables.get(name), own.tables.get(name)];
    if (there === undefined || (here !== undefined && here.value !== "rules")) continue;
    if (there.value !== table.value) clash(name, there.place, table.place);
    for (const [column, { place }] of table.columns)
      if (!here?.columns.has(column)) clash(`${name}.${column}`, there.columns.get(column)?.place, place);
  }
}
