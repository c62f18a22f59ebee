import type { Lock } from "../plan/locks/lock.ts";
import { lockFileOf, readAnyLock } from "../plan/locks/lock-file.ts";
import { lockOfDatabase, lockOfOne } from "../plan/locks/lock-of-databases.ts";
import { parseOne } from "../policy/databases-of.ts";
import { type LoadedPolicy, loadPolicy } from "../policy/read/load-policy.ts";
import { importModule, importPlugin } from "./import-module.ts";
import type { CliContext } from "./show/print-error.ts";
import { refuseUnsetVariables } from "./unset-variables.ts";

export interface PolicyOptions extends CliContext {
  /** Set to the file that was found, so that an error can speak its language. */
  policy?: string | undefined;
  /** Which of the policy's environments to take. */
  readonly env?: string | undefined;
  /** Which of the policy's databases, where it has several. */
  readonly only?: string | undefined;
}

/** Which places a command goes to. */
export type NeededPlaces = "both" | "source" | "target" | "none";

/** The lock beside a policy, where there is one: of several databases the part of the one that was asked for. */
export async function readLockBeside(file: string, { env, only }: PolicyOptions): Promise<Lock | undefined> {
  const found = await readAnyLock(lockFileOf(file, env));
  if (found === null) return undefined;
  return only === undefined ? lockOfOne(found) : lockOfDatabase(found, only);
}

/** Reads the policy of a command that does its work with one source. Throws OPTION_INVALID for several databases of which none is chosen. */
export async function readOnePolicy(options: PolicyOptions, places: NeededPlaces = "both"): Promise<LoadedPolicy> {
  const loaded = await readPolicy(options, places);
  return { ...loaded, policy: parseOne(loaded.policy, {}) };
}

/** Reads the policy that `--policy` names, or the one of this folder, for the environment that `--env` names. */
export async function readPolicy(options: PolicyOptions, places: NeededPlaces = "both"): Promise<LoadedPolicy> {
  const locations = places === "none" ? "unneeded" : places === "both" ? "needed" : places;
  const loaded = await loadPolicy(options.policy, process.cwd(), importModule, {
    environment: options.env,
    database: options.only,
    locations,
    importPlugin,
  });
  options.policy = loaded.file;
  if (places !== "none") await refuseUnsetVariables(loaded, places === "both" ? ["source", "target"] : [places]);
  return loaded;
}
