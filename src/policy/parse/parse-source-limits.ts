import { isLimit, SOURCE_LIMITS, type SourceLimits } from "../../source-limits.ts";
import { fieldsOf, isGiven } from "../read/read-fields.ts";
import { nearestHint, type Report } from "./parse-rule.ts";
import type { Placed } from "./policy-draft.ts";
import type { PolicyNode } from "./policy-node.ts";

const EXAMPLE = "Write sourceLimits: { rowsPerSecond: 20000, statementSeconds: 3600 }.";

/** Reads `sourceLimits`: what a run may ask of its source. */
export function parseSourceLimits(node: PolicyNode | undefined, report: Report): Placed<SourceLimits> | undefined {
  if (!isGiven(node)) return undefined;
  const names = Object.keys(SOURCE_LIMITS) as (keyof SourceLimits)[];
  const limits: { -readonly [Name in keyof SourceLimits]: number } = {};
  for (const { name, node: own, place } of fieldsOf(
    node,
    `\`sourceLimits\` says what a run may ask of its source. ${EXAMPLE}`,
    report,
  )) {
    const known = names.find((one) => one === name);
    if (known === undefined) report(`sourceLimits has no "${name}".`, place, nearestHint(name, names));
    else if (!isGiven(own)) continue;
    else if (isLimit(known, own.value)) limits[known] = own.value;
    else report(`sourceLimits → ${known} must be ${SOURCE_LIMITS[known]}.`, own.place);
  }
  return { value: limits, place: node.place };
}
