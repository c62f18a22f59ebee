import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import { StandinError } from "../errors.ts";
import { databasesOf } from "../policy/databases-of.ts";
import type { LoadedPolicy } from "../policy/read/load-policy.ts";

type Role = "source" | "target";

/**
 * Names the variables that a policy in code takes its source or target from and that are not set. Data names them itself; code hands over nothing, which alone
 * would say "no source" of a policy that has one.
 */
export async function refuseUnsetVariables({ policy, file, isCode }: LoadedPolicy, roles: readonly Role[]): Promise<void> {
  const parts = [...(databasesOf(policy)?.values() ?? [policy])];
  const missing = roles.filter((role) => parts.some((part) => part[role] === undefined || part[role] === ""));
  if (!isCode || missing.length === 0) return;
  const text = await readFile(file, "utf8");
  const unset = missing.flatMap((role) => [...variablesOf(text, role)].map((name) => ({ role, name })));
  if (unset.length === 0) return;
  const reads = unset.map(({ role, name }) => `its ${role} from ${name}`).join(" and ");
  throw new StandinError(
    "LOCATION_INVALID",
    `${basename(file)} takes ${reads}, which ${unset.length === 1 ? "is" : "are"} not set.`,
    { hint: `Set ${unset.map(({ name }) => name).join(" and ")} to postgres://…, mysql://… or a path of CSV files.` },
  );
}

/** `source: process.env.PROD_URL`, as `standin init` writes it. */
function variablesOf(text: string, role: Role): ReadonlySet<string> {
  const found = text.matchAll(new RegExp(`\\b${role}:\\s*process\\.env(?:\\.(\\w+)|\\[["'](\\w+)["']\\])`, "g"));
  return new Set([...found].map(([, dotted, indexed]) => dotted ?? indexed!).filter((name) => !process.env[name]));
}
