/** What says how columns are masked, wherever it stands. */
const RULES = ["presets", "tables", "references", "subset", "columns", "when", "classes"] as const;

/** Where rows come from and go to, and by what rules. */
const ENDS = ["source", "target", "sourceLimits", "incremental", ...RULES] as const;

/** What an environment may say otherwise than its policy. */
const ENVIRONMENT = [...ENDS, "keyVariable", "databases"] as const;

/** What may stand in a policy, in one of its environments, in one of its databases, in a file that it includes. */
export const DRAFT_KEYS = {
  policy: ["$schema", "include", "plugins", ...ENVIRONMENT, "reveal", "verify", "environments"],
  environment: ENVIRONMENT,
  database: [...ENDS, "reveal", "verify"],
  include: ["$schema", "include", ...RULES],
} as const;

export type DraftKind = keyof typeof DRAFT_KEYS;

/** Whether this is a word of policies rather than the name of a table. */
export function isKeyOfPolicy(name: string): boolean {
  return (DRAFT_KEYS.policy as readonly string[]).includes(name);
}
