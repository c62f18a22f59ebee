import { access, constants, readFile, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { StandinError } from "../errors.ts";
import { resolveMaskingKey } from "../keys/masking-key.ts";
import type { Policy } from "../policy/define-policy.ts";
import { type Evidence, type ReportFacts, reportPage } from "../report/report-page.ts";

/** Refuses what is no file for a report, or cannot be written, before hours of reading. */
export async function checkReportFile(file: string | undefined): Promise<void> {
  if (file === undefined) return;
  if (!/\.(html|json)$/.test(file))
    throw new StandinError("OPTION_INVALID", `--report ${file} is neither a page nor a file for machines.`, {
      hint: "Give it the ending .html or .json.",
    });
  await access(dirname(file), constants.W_OK).catch(() => {
    throw new StandinError("OPTION_INVALID", `--report ${file} cannot be written there.`, { hint: "Name a folder that exists." });
  });
}

/** How it ended: whether nothing is to be mended, and whether the copy is there for all to see. */
type Outcome = Required<Pick<ReportFacts, "ok" | "isPublished">>;

/** Writes what was done or found to a page for people, or to a file for machines. */
export async function writeReport(file: string, evidence: Evidence, policy: Policy, outcome: Outcome): Promise<void> {
  const facts = { at: new Date(), version: await ownVersion(), keyFingerprint: await fingerprintWhereSet(policy) };
  const text = file.endsWith(".html")
    ? reportPage(evidence, { ...facts, ...outcome })
    : `${JSON.stringify({ ...outcome, ...facts, ...evidence }, null, 2)}\n`;
  await writeFile(file, text);
}

/** A verification needs no key; where one is set, the report tells which. */
async function fingerprintWhereSet({ keyVariable = "STANDIN_KEY" }: Policy): Promise<string | null> {
  if ((process.env[keyVariable] ?? "") === "") return null;
  return (await resolveMaskingKey(undefined, process.env, keyVariable)).fingerprint;
}

async function ownVersion(): Promise<string> {
  return (JSON.parse(await readFile(new URL("../package.json", import.meta.url), "utf8")) as { version: string }).version;
}
