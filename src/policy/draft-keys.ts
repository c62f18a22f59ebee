/** What says how columns are masked, wherever it stands. */
const RULES = ["presets", "tables", "references", "columns", "when", "classes"] as const;

/** What an environment may say otherwise than its policy. */
const ENVIRONMENT = ["source", "target", "keyVariable", "sourceLimits", ...RULES] as const;

/** What may stand in a policy, in one of its environments, in a file that it includes. */
export const DRAFT_KEYS = {
  policy: ["$schema", "include", "plugins", ...ENVIRONMENT, "reveal", "verify", "environments"],
  environment: ENVIRONMENT,
  include: ["$schema", "include", ...RULES],
} as const;

export type DraftKind = keyof typeof DRAFT_KEYS;

/** Whether this is a word of policies rather than the name of a table. */
export function isKeyOfPolicy(name: string): boolean {
  return (DRAFT_KEYS.policy as readonly string[]).includes(name);
}
