import { StandinError } from "../errors.ts";
import type { Policy } from "./define-policy.ts";
import { parsePolicy } from "./parse/parse-policy.ts";

export interface ChosenPart {
  readonly environment?: string | undefined;
  /** Which of the policy's databases, as if it were the only one. */
  readonly database?: string | undefined;
}

/** The databases of a policy that was read, each a policy by itself; null for a policy with one source. */
export function databasesOf({ databases }: Policy): ReadonlyMap<string, Policy> | null {
  // The reader finished each like a policy of its own.
  return databases === undefined ? null : new Map(Object.entries(databases) as [string, Policy][]);
}

/** Reads a policy for what can be done with one source alone. Throws OPTION_INVALID where it has several databases and none is chosen. */
export function parseOne(input: unknown, part: ChosenPart): Policy {
  const policy = parsePolicy(input, part);
  const names = [...(databasesOf(policy)?.keys() ?? [])];
  if (names.length === 0) return policy;
  throw new StandinError("OPTION_INVALID", `The policy has several databases, and this is done with one: ${names.join(", ")}.`, {
    hint: `Choose one: --only ${names[0]}, or { database: "${names[0]}" } in code.`,
  });
}
