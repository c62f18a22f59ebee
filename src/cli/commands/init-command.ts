import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, relative, resolve } from "node:path";
import { connectSource } from "../../connect.ts";
import type { Source } from "../../contracts.ts";
import type { Addition } from "../../discover/propose/extend-yaml.ts";
import type { PolicyLanguage } from "../../discover/propose/policy-language.ts";
import type { Proposal } from "../../discover/propose/proposal.ts";
import type { WrittenPlaces } from "../../discover/propose/write-policy.ts";
import { isStandinError, StandinError } from "../../errors.ts";
import { type ConnectorName, locate } from "../../location.ts";
import { databasesOf } from "../../policy/databases-of.ts";
import { type LoadedPolicy, loadPolicy } from "../../policy/read/load-policy.ts";
import { counted } from "../../written-numbers.ts";
import { importModule, importPlugin } from "../import-module.ts";
import { additionLines, describeProposal, patchLines, proposalLines } from "../show/init-lines.ts";
import { type InitProgress, initProgress } from "../show/init-progress.ts";
import type { CliContext } from "../show/print-error.ts";
import { printJson } from "../show/print-json.ts";

export interface InitOptions extends CliContext {
  readonly source?: string | undefined;
  readonly output?: string | undefined;
  readonly rows?: string | undefined;
}

/** The variables that a written policy reads its URLs from. */
const SOURCE_VARIABLE = "PROD_URL";
const TARGET_VARIABLE = "STAGING_URL";
/** Where masked files go, unless the user says otherwise: a folder, and of a dump or of a SQLite file another one. */
const TARGETS: Readonly<Partial<Record<ConnectorName, string>>> = {
  csv: "masked",
  jsonl: "masked/*.jsonl",
  parquet: "masked/*.parquet",
  sqlite: "masked.db",
  dump: "masked.sql",
};

/**
 * `standin init`: proposes a policy for a source, or, where there is one, what it lacks since a migration. Writes no value of a row anywhere, and never over
 * what is there.
 */
export async function initCommand(options: InitOptions, signal: AbortSignal): Promise<void> {
  if (options.output !== undefined) await languageFor(options.output, true);
  const existing = await findExisting(options.output);
  if (existing !== null && databasesOf(existing.policy) !== null) throw ofSeveral([...databasesOf(existing.policy)!.keys()]);
  const file = existing?.file ?? resolve(options.output ?? "standin.policy.ts");
  const language = await languageFor(file, existing !== null);
  const location = options.source ?? existing?.policy.source ?? process.env[SOURCE_VARIABLE];
  if (location === undefined || location === "") {
    throw new StandinError("LOCATION_INVALID", "init needs to know where the rows are.", {
      hint: `Name it: npx standin init --source postgres://… (or mysql://…, a folder of CSV files, a dump: prod.sql). Or set ${SOURCE_VARIABLE}.`,
    });
  }
  const rows = parseRows(options.rows);
  const shown = relative(process.cwd(), file) || basename(file);
  const source = await connectSource(location);
  const progress = initProgress(!options.json);
  try {
    progress.say("reading the schema");
    await source.open(signal);
    const proposal = await propose(source, rows, progress, signal);
    progress.end();
    if (existing === null) await create(file, shown, proposal, placesFor(location), language, options);
    else await extend(existing, shown, source, proposal, language, options);
  } finally {
    progress.end();
    await source.close().catch(() => {});
  }
}

/** What init proposes is about one source, and where it belongs in such a policy only its author knows. */
function ofSeveral([name]: readonly string[]): StandinError {
  return new StandinError("OPTION_INVALID", "The policy has several databases, and init proposes for one source.", {
    hint: `npx standin init --source postgres://… --output new.yaml, and put its tables under databases → <a name like ${name}>. npx standin check tells what a database lacks.`,
  });
}

async function propose(source: Source, rows: number | undefined, progress: InitProgress, signal: AbortSignal): Promise<Proposal> {
  const { sampleTables } = await import("../../discover/sample-tables.ts");
  const { proposePolicy } = await import("../../discover/propose/propose-policy.ts");
  const schema = await source.schema();
  if (schema.tables.length === 0) throw new StandinError("TABLE_UNKNOWN", "The source has no tables.");
  let position = 0;
  const onTable = (table: string) => progress.say(`looking at ${table} (${++position} of ${schema.tables.length})`);
  const samples = await sampleTables(source, schema, { rows, signal, onTable });
  progress.say(`deciding about ${counted(schema.tables.flatMap(({ columns }) => columns).length, "column")}`);
  const { tryOnSamples } = await import("./try-on-samples.ts");
  return proposePolicy(schema, samples, await tryOnSamples(samples, schema, signal));
}

async function create(
  file: string,
  shown: string,
  proposal: Proposal,
  places: WrittenPlaces,
  language: PolicyLanguage,
  options: InitOptions,
): Promise<void> {
  const { writePolicy } = await import("../../discover/propose/write-policy.ts");
  await writeFile(file, writePolicy(proposal, places, language), { flag: "wx" }).catch((error: unknown) => {
    throw unwritable(shown, error);
  });
  if (options.json) printJson("proposal", { file: shown, isNew: true, ...describeProposal(proposal) });
  else {
    const written = { file: shown, flag: (await isFoundAlone(file)) ? "" : ` --policy ${shown}`, places };
    process.stdout.write(`${proposalLines(proposal, written, process.stdout).join("\n")}\n`);
  }
}

/** Whether the commands find the policy by themselves, and none before it. */
async function isFoundAlone(file: string): Promise<boolean> {
  const policies = (await readdir(process.cwd())).filter((name) => /^standin\.policy\.([cm]?[jt]s|ya?ml|json)$/.test(name));
  return policies.length === 1 && resolve(policies[0]!) === file;
}

async function extend(
  { file, policy }: LoadedPolicy,
  shown: string,
  source: Source,
  proposal: Proposal,
  language: PolicyLanguage,
  options: InitOptions,
): Promise<void> {
  const { findGaps } = await import("../../discover/propose/find-gaps.ts");
  const { additions, gone } = findGaps(policy, await source.schema(), proposal);
  let left: readonly Addition[] = additions;
  if (language.name === "yaml" && additions.length > 0) {
    const { extendYaml } = await import("../../discover/propose/extend-yaml.ts");
    const extended = await extendYaml(await readFile(file, "utf8"), additions);
    left = extended.left;
    await writeFile(file, extended.text).catch((error: unknown) => {
      throw unwritable(shown, error);
    });
  }
  const added = additions.filter((addition) => !left.includes(addition));
  const { tableLines, columnLines } = await import("../../discover/propose/write-policy.ts");
  const patch = patchLines(left, language, { tableLines, columnLines });
  if (options.json) {
    const tables = additions.map(({ table }) => table);
    printJson("proposal", { file: shown, isNew: false, ...describeProposal({ ...proposal, tables }), gone, patch });
  } else {
    const lines = additionLines({ added, left, gone, patch, notes: proposal.notes }, shown, process.stdout);
    process.stdout.write(`${lines.join("\n")}\n`);
  }
}

/** The policy that is there: the file that was named, or the one of this folder. */
async function findExisting(output: string | undefined): Promise<LoadedPolicy | null> {
  const isThere = output === undefined || (await readFile(output).catch(() => null)) !== null;
  if (!isThere) return null;
  return loadPolicy(output, process.cwd(), importModule, { importPlugin }).catch((error: unknown) => {
    if (output === undefined && isStandinError(error) && error.code === "POLICY_NOT_FOUND") return null;
    throw error;
  });
}

async function languageFor(file: string, isThere: boolean): Promise<PolicyLanguage> {
  const { languageOf } = await import("../../discover/propose/policy-language.ts");
  const language = languageOf(file);
  if (language !== null && (isThere || language.comment !== null)) return language;
  throw new StandinError("OPTION_INVALID", `init writes no ${basename(file)}.`, {
    hint: "Use --output standin.policy.ts, or a name that ends in .yaml.",
  });
}

/** A URL may hold a password, so the policy names a variable in its place. */
function placesFor(location: string | Source): WrittenPlaces {
  const target = typeof location === "string" ? TARGETS[locate(location, "source").connector] : undefined;
  if (target !== undefined) return { source: { path: location as string }, target: { path: target } };
  return { source: { variable: SOURCE_VARIABLE }, target: { variable: TARGET_VARIABLE } };
}

function parseRows(rows: string | undefined): number | undefined {
  if (rows === undefined) return undefined;
  const number = Number(rows);
  if (Number.isInteger(number) && number >= 1 && number <= 5000) return number;
  throw new StandinError("OPTION_INVALID", "--rows must be a whole number from 1 to 5000.", {
    hint: "Leave it out to look at up to 1000 rows of each table.",
  });
}

function unwritable(shown: string, error: unknown): StandinError {
  const { code } = error as { code?: unknown };
  if (code === "EEXIST")
    return new StandinError("FILE_EXISTS", `${shown} is there already.`, { hint: "Name another with --output." });
  return new StandinError("OPTION_INVALID", `${shown} could not be written (${String(code)}).`, {
    hint: "Check that the folder is there, and may be written.",
  });
}
