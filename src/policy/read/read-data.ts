import type { Finding } from "../../errors.ts";
import type { PolicyNode } from "../parse/policy-node.ts";
import { placesIn } from "../parse/text-places.ts";
import { readJson } from "./read-json.ts";
import { readYaml } from "./read-yaml.ts";

export interface PolicyData {
  /** Null where the text is malformed. */
  readonly node: PolicyNode | null;
  readonly findings: readonly Finding[];
}

/** Tells of something that is wrong with the text itself, at an offset in it. */
export type ReportText = (what: string, offset: number, hint: string) => void;

/** Reads the text of a policy in YAML or JSON. Says where it is malformed, and never in its words: the parsers quote the text. */
export async function readData(file: string, text: string): Promise<PolicyData> {
  const findings: Finding[] = [];
  const at = placesIn(file, text);
  const report: ReportText = (what, offset, hint) => {
    const place = at(offset);
    const message = `${file} ${what} at line ${place.line}, column ${place.columnNumber}.`;
    if (findings.some((one) => one.message === message)) return;
    findings.push({ code: "POLICY_INVALID", severity: "error", message, hint, ...place });
  };
  const isJson = file.toLowerCase().endsWith(".json");
  return { node: await (isJson ? readJson : readYaml)(text, at, report), findings };
}

export const SYNTAX_HINT =
  "Look there and just before for a missing value, bracket, quote or comma, a comma too many, or a wrong indent.";
