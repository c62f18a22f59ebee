import type { Policy } from "./define-policy.ts";
import { finishPolicy } from "./finish-policy.ts";
import { isPattern, parsePattern } from "./pattern.ts";
import { draftOf, EMPTY_DRAFT } from "./policy-draft.ts";

/**
 * A policy as far as it is about one table, for a run that sees no other. Its patterns need not match there. Without presets and references, which are about
 * the whole.
 */
export function onlyTable(policy: Policy, table: string): Policy {
  const { tables, columns, when, classes } = draftOf(policy) ?? EMPTY_DRAFT;
  const own = [...tables].filter(([name]) => name === table || (isPattern(name) && parsePattern(name)?.matches(table)));
  const part = { ...EMPTY_DRAFT, tables: new Map(own), columns, when, classes, isPart: true };
  return finishPolicy(part, { locations: "unneeded" });
}
