import { StandinError } from "../errors.ts";
import type { Policy } from "./define-policy.ts";
import { finishPolicy } from "./parse/finish-policy.ts";
import { draftOf, EMPTY_DRAFT } from "./parse/policy-draft.ts";
import { isPattern, parsePattern } from "./pattern.ts";

/**
 * A policy as far as it is about one table, for a run that sees no other. Its patterns need not match there. Without presets and references, which are about
 * the whole. Throws OPTION_INVALID for a policy with a subset.
 */
export function onlyTable(policy: Policy, table: string): Policy {
  const { tables, columns, when, classes, subset } = draftOf(policy) ?? EMPTY_DRAFT;
  if (subset.size > 0)
    throw new StandinError(
      "OPTION_INVALID",
      "The policy copies a subset, and of one table alone nobody can tell which rows that are.",
      {
        hint: "Use `standin run`, or a policy without `subset`.",
      },
    );
  const own = [...tables].filter(([name]) => name === table || (isPattern(name) && parsePattern(name)?.matches(table)));
  const part = { ...EMPTY_DRAFT, tables: new Map(own), columns, when, classes, isPart: true };
  return finishPolicy(part, { locations: "unneeded" });
}
