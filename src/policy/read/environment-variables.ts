import { type Finding, StandinError } from "../../errors.ts";
import type { PlacedLocation, PolicyDraft } from "../parse/policy-draft.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

export type Locations = Pick<PolicyDraft, "source" | "target">;

/** `${NAME}`, or `${NAME:-what stands in where it is not set}`; `$${` is a plain `${`. */
const VARIABLE = /\$(\$\{)|\$\{([A-Za-z_]\w*)(?::-([^}]*))?\}/g;

/** A location with its variables taken out, and with what stands in for them. */
export function withoutVariables(location: string): string {
  return location.replace(VARIABLE, (_, dollar: string | undefined, __, otherwise: string | undefined) =>
    dollar === undefined ? (otherwise ?? "") : "",
  );
}

/** Whether a location, where there is one, can be told: all its variables are set, or have something that stands in. */
export function isFillable(location: PlacedLocation<unknown> | undefined, variables: Variables): boolean {
  if (typeof location?.value !== "string" || !location.isData) return true;
  return [...location.value.matchAll(VARIABLE)].every(
    ([, dollar, name, otherwise]) => dollar !== undefined || otherwise !== undefined || Boolean(variables[name!]),
  );
}

/**
 * Puts environment variables into source and target: a policy in a repository names its secrets and does not hold them. Code takes its own variables, so
 * only what was read from a file is looked at. Throws LOCATION_INVALID with every variable that is not set.
 */
export function fillLocations(draft: Locations, variables: Variables): Locations {
  const findings: Finding[] = [];
  const fill = <End>(role: "source" | "target", location: PlacedLocation<End> | undefined) => {
    if (location === undefined || typeof location.value !== "string" || !location.isData) return location;
    const value = location.value.replace(
      VARIABLE,
      (_, dollar: string | undefined, name: string, otherwise: string | undefined) => {
        if (dollar !== undefined) return dollar;
        const found = variables[name];
        if (found !== undefined && found !== "") return found;
        if (otherwise !== undefined) return otherwise;
        const message = `The policy's ${role} needs the environment variable ${name}, which is not set.`;
        findings.push({
          code: "LOCATION_INVALID",
          severity: "error",
          message,
          hint: `Set ${name} and run again.`,
          ...location.place,
        });
        return "";
      },
    );
    return { ...location, value };
  };
  const filled = { source: fill("source", draft.source), target: fill("target", draft.target) };
  if (findings.length > 0) throw unsetVariables(findings);
  return filled;
}

/** The one error for all variables that are not set. */
export function unsetVariables(findings: readonly Finding[]): StandinError {
  const [first] = findings;
  if (findings.length === 1) return new StandinError(first!.code, first!.message, { ...first, findings });
  return new StandinError("LOCATION_INVALID", `The policy needs ${findings.length} environment variables that are not set.`, {
    findings,
  });
}
