/** What may stand in a policy, in one of its environments, in a file that it includes. */
export const DRAFT_KEYS = {
  policy: [
    "$schema",
    "include",
    "plugins",
    "source",
    "target",
    "keyVariable",
    "sourceLimits",
    "presets",
    "tables",
    "references",
    "columns",
    "when",
    "classes",
    "reveal",
    "verify",
    "environments",
  ],
  environment: [
    "source",
    "target",
    "keyVariable",
    "sourceLimits",
    "presets",
    "tables",
    "references",
    "columns",
    "when",
    "classes",
  ],
  include: ["$schema", "include", "presets", "tables", "references", "columns", "when", "classes"],
} as const;

export type DraftKind = keyof typeof DRAFT_KEYS;

/** Whether this is a word of policies rather than the name of a table. */
export function isKeyOfPolicy(name: string): boolean {
  return (DRAFT_KEYS.policy as readonly string[]).includes(name);
}
