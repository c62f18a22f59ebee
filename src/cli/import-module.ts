import { fileURLToPath } from "node:url";
import { createJiti } from "jiti";
import { isStandinError, StandinError } from "../errors.ts";
import { nearestNames } from "../transforms/nearest-name.ts";

/**
 * Runs a policy in TypeScript or JavaScript and gives its default export. `standin` in it is this very package, so `npx standin` needs no install beside
 * the policy.
 */
export async function importModule(file: string): Promise<unknown> {
  const own = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const alias = Object.fromEntries(
    ["transforms", "postgres", "mysql", "csv", "testing"]
      .map((name) => [`standin/${name}`, own(name)])
      .concat([["standin", own("index")]]),
  );
  const jiti = createJiti(import.meta.url, { alias, moduleCache: false, fsCache: false, interopDefault: false });
  let module: Record<string, unknown>;
  try {
    module = await jiti.import(file);
  } catch (error) {
    throw await brokenPolicy(error, file);
  }
  // CommonJS has no default export: there the module is the policy.
  const policy = module.default ?? ("tables" in module ? module : undefined);
  if (policy !== undefined) return policy;
  throw new StandinError("POLICY_INVALID", `${file} has no default export.`, {
    file,
    hint: "Write: export default definePolicy({ … }).",
  });
}

/** Says where in the policy its code failed, and in what, as far as that is plain. */
async function brokenPolicy(error: unknown, file: string): Promise<StandinError> {
  const { message, hint } = await explain(error);
  const where = lineIn(error, file);
  const code = isStandinError(error) ? error.code : "POLICY_INVALID";
  return new StandinError(code, `${file}${where === null ? "" : ` line ${where}`}: ${message}`, { file, hint });
}

async function explain(error: unknown): Promise<{ message: string; hint?: string | undefined }> {
  if (isStandinError(error)) return error;
  // A parser adds the place and a loader its stack below the first line.
  const message =
    error instanceof Error
      ? error.message
          .split("\n", 1)[0]!
          .replace(/^\w*Error: /, "")
          .trim()
      : "it threw what is no error";
  const missing = /^\(0 ?, ?_standin\w*\.(\w+)\) is not a function$/.exec(message)?.[1];
  if (missing !== undefined) {
    const { transformNames } = await import("../transforms/registry.ts");
    return {
      message: `standin exports no function ${missing}.`,
      hint: `Did you mean ${nearestNames(missing, transformNames(), 1)}?`,
    };
  }
  const unresolved = /^Cannot find (?:module|package) '([^']+)'/.exec(message)?.[1];
  if (unresolved !== undefined)
    return { message: `it imports ${unresolved}, which is not there.`, hint: "Install it beside the policy." };
  return {
    message: message.endsWith(".") ? message : `${message}.`,
    hint: "This comes from the policy's own code: mend it there.",
  };
}

/** The line of the policy that its error points to: a parser writes it into the message, V8 into the stack. */
function lineIn(error: unknown, file: string): string | null {
  if (!(error instanceof Error)) return null;
  const at = `${error.message}\n${error.stack}`.split(`${file}:`)[1];
  return /^\d+/.exec(at ?? "")?.[0] ?? null;
}
