import { type LoadedPolicy, loadPolicy } from "../policy/load-policy.ts";
import { importModule, importPlugin } from "./import-module.ts";
import type { CliContext } from "./print-error.ts";
import { refuseUnsetVariables } from "./unset-variables.ts";

export interface PolicyOptions extends CliContext {
  /** Set to the file that was found, so that an error can speak its language. */
  policy?: string | undefined;
  /** Which of the policy's environments to take. */
  readonly env?: string | undefined;
}

/** Which places a command goes to. */
export type NeededPlaces = "both" | "source" | "target" | "none";

/** Reads the policy that `--policy` names, or the one of this folder, for the environment that `--env` names. */
export async function readPolicy(options: PolicyOptions, places: NeededPlaces = "both"): Promise<LoadedPolicy> {
  const locations = places === "none" ? "unneeded" : places === "both" ? "needed" : places;
  const loaded = await loadPolicy(options.policy, process.cwd(), importModule, {
    environment: options.env,
    locations,
    importPlugin,
  });
  options.policy = loaded.file;
  if (places !== "none") await refuseUnsetVariables(loaded, places === "both" ? ["source", "target"] : [places]);
  return loaded;
}
