import type { Finding } from "../../errors.ts";
import type { Policy } from "../define-policy.ts";
import { finishPolicy, invalidPolicy, type ReadOptions } from "./finish-policy.ts";
import { parseDraft } from "./parse-draft.ts";
import { draftOf, type PolicyDraft } from "./policy-draft.ts";
import { createNode, type Layout, type PolicyNode } from "./policy-node.ts";
import type { TransformLookup } from "./transform-lookup.ts";

/**
 * Reads a policy out of plain data (YAML, JSON) or checks one that code made. Reports every mistake at once in one POLICY_INVALID.
 *
 * A policy that was read before goes through as it is. Includes are read by `loadPolicy`, which knows the file.
 */
export function parsePolicy(input: unknown, options: ReadOptions = {}): Policy {
  const before = draftOf(input);
  const { environment, database } = options;
  if (before !== undefined)
    return environment === undefined && database === undefined ? (input as Policy) : finishPolicy(before, options);
  return parseCode(input, { layout: null, findings: [] }, options);
}

/** What reading a policy's code told: where it says things, and what it says wrongly there. */
export interface ReadCode {
  readonly layout: Layout | null;
  readonly findings: readonly Finding[];
  /** With those of its plug-ins, where somebody loaded them. */
  readonly transforms?: TransformLookup;
}

/** The same for a policy that code made, with what is known of the code. */
export function parseCode(input: unknown, { layout, findings, transforms }: ReadCode, options: ReadOptions): Policy {
  const before = draftOf(input);
  if (before !== undefined) return finishPolicy(before, options);
  return finishPolicy(parseValue(createNode(input, layout ?? undefined), [...findings], transforms), options);
}

function parseValue(node: PolicyNode, findings: Finding[], transforms?: TransformLookup): PolicyDraft {
  const { draft, includes, plugins } = parseDraft(node, "policy", findings, transforms);
  for (const { place } of includes) {
    const message = "`include` is for policies in files of YAML and JSON.";
    findings.push({
      code: "POLICY_INVALID",
      severity: "error",
      message,
      ...place,
      hint: "Import the other policy and spread it: tables: { ...common.tables }.",
    });
  }
  if (transforms === undefined) {
    for (const { place } of plugins) {
      const message = "`plugins` is for policies in files, and this one was handed over.";
      const hint = "Import the module and call its transforms: tables: { people: { age: roundAge({ to: 5 }) } }.";
      findings.push({ code: "POLICY_INVALID", severity: "error", message, ...place, hint });
    }
  }
  if (findings.length > 0) throw invalidPolicy(findings);
  return { ...draft, file: node.place.file };
}
