import { withoutVariables } from "../read/environment-variables.ts";
import { isGiven } from "../read/read-fields.ts";
import type { Report } from "./parse-rule.ts";
import type { Placed, PlacedLocation } from "./policy-draft.ts";
import { isRecord, type PolicyNode } from "./policy-node.ts";

/** Reads `source` or `target`. A password in a file is refused, and not shown. */
export function parseLocation<End extends object>(
  node: PolicyNode | undefined,
  role: "source" | "target",
  report: Report,
): PlacedLocation<End> | undefined {
  if (!isGiven(node)) return undefined;
  const { value, place, isData } = node;
  const isEnd = isRecord(value) && typeof value.open === "function" && typeof value.close === "function";
  if (typeof value !== "string" && !isEnd) {
    report(`The policy's ${role} must be a URL or a path, or what a connector made.`, place);
    return undefined;
  }
  // Code takes its URLs from elsewhere; a file is in a repository.
  if (typeof value === "string" && isData) {
    const plain = withoutVariables(value);
    const example = `${role}: $\{${role === "source" ? "PROD_URL" : "STAGING_URL"}}`;
    if (plain.includes("${")) {
      const hint = `Write ${example}, with letters, digits and _ in the name; a plain $\{ is written $$\{.`;
      report(`The policy's ${role} has a $\{ that begins no variable.`, place, hint);
    } else if (holdsPassword(plain)) {
      const hint = `Take the URL, or the password in it, from the environment: ${example}.`;
      report(`The policy's ${role} holds a password, and whoever reads the file has it.`, place, hint, "SECRET_IN_POLICY");
    }
  }
  return { value: value as string | End, place, isData };
}

/** Whether a password stands in a location whose variables are taken out. */
function holdsPassword(location: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\/[^/\s:@]*:[^@]+@|[?&]password=[^&]/i.test(location);
}

/** A key of 32 bytes is longer in every form that it is printed in. */
const LONGEST_NAME = 40;

/** Reads the name of the variable that holds the key, and never says what stands there instead: it might be the key. */
export function parseKeyVariable(node: PolicyNode | undefined, report: Report): Placed<string> | undefined {
  if (!isGiven(node)) return undefined;
  const { value, place } = node;
  if (typeof value === "string" && /^[A-Za-z_]\w*$/.test(value) && value.length <= LONGEST_NAME) return { value, place };
  const hint = "Write the variable's name: keyVariable: STANDIN_KEY_TEST. The key itself never stands in a policy.";
  report("keyVariable must be the name of an environment variable.", place, hint);
  return undefined;
}
