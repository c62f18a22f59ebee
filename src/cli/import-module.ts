import { fileURLToPath } from "node:url";
import type * as JitiPackage from "jiti";
import { isStandinError, type Place, StandinError } from "../errors.ts";
import { readText } from "../policy/read/read-text.ts";
import { requirePackage } from "../require-package.ts";
import { forgivingDoor } from "./forgiving-door.ts";

/**
 * Runs a policy in TypeScript or JavaScript and gives its default export. `standin` in it is this very package, so `npx standin` needs no install beside
 * the policy; rules in it that cannot be made come out as broken ones, for the reader to tell of.
 */
export async function importModule(file: string): Promise<unknown> {
  const loader = await createLoader(import.meta.url);
  let policy: unknown;
  try {
    const module: Record<string, unknown> = await loader.import(file);
    // CommonJS has no default export: there the module is the policy.
    policy = await (module.default ?? ("tables" in module ? module : undefined));
  } catch (error) {
    throw await brokenPolicy(error, file);
  }
  if (policy !== undefined) return policy;
  throw new StandinError("POLICY_INVALID", `${file} has no default export.`, {
    file,
    hint: "Write: export default definePolicy({ … }).",
  });
}

/** Runs a module that a policy names, looked for from the policy's file: beside it, or in the packages installed there. Gives what it exports. */
export async function importPlugin(name: string, policyFile: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    return await (await createLoader(policyFile)).import<Record<string, unknown>>(name);
  } catch (error) {
    throw await brokenPolicy(error, policyFile);
  }
}

/** Loaded here only: it takes a fifth of the time in which a command starts, and a policy that is data needs none of it. */
async function createLoader(from: string): Promise<JitiPackage.Jiti> {
  const { createJiti }: typeof JitiPackage = requirePackage("jiti");
  const own = (name: string) => fileURLToPath(new URL(`./${name}.js`, import.meta.url));
  const alias = Object.fromEntries(
    ["postgres", "mysql", "csv", "jsonl", "parquet", "sqlite", "testing"].map((name) => [`standin/${name}`, own(name)]),
  );
  const virtualModules = {
    standin: forgivingDoor(await import("../index.ts")),
    "standin/transforms": forgivingDoor(await import("../transforms/index.ts")),
  };
  return createJiti(from, { alias, virtualModules, moduleCache: false, fsCache: false, interopDefault: false });
}

/** Says where in the policy, or in what it imports, code failed, and in what, as far as that is plain. */
async function brokenPolicy(error: unknown, policy: string): Promise<StandinError> {
  const { message, hint } = explain(error);
  const { file = policy, ...where } = await placeOf(error, policy);
  const code = isStandinError(error) ? error.code : "POLICY_INVALID";
  return new StandinError(code, `${file}${where.line === undefined ? "" : ` line ${where.line}`}: ${message}`, {
    file,
    hint,
    ...where,
  });
}

function explain(error: unknown): { message: string; hint?: string | undefined } {
  if (isStandinError(error)) return error;
  // A parser adds the place and a loader its stack below the first line.
  const message =
    error instanceof Error
      ? error.message
          .split("\n", 1)[0]!
          .replace(/^\w*Error: /, "")
          .trim()
      : "it threw what is no error";
  const unresolved = /^Cannot find (?:module|package) '([^']+)'/.exec(message)?.[1];
  if (unresolved !== undefined)
    return { message: `it imports ${unresolved}, which is not there.`, hint: "Install it beside the policy." };
  return {
    message: message.endsWith(".") ? message : `${message}.`,
    hint: "This comes from the policy's own code: mend it there.",
  };
}

/** Where an error points to: a parser writes it into the message, V8 into the stack. The policy's own lines come before those of what it imports. */
async function placeOf(error: unknown, policy: string): Promise<Place> {
  if (!(error instanceof Error)) return {};
  const places = [...`${error.message}\n${error.stack}`.matchAll(/([^\s(]+\.[cm]?[jt]s):(\d+):(\d+)/g)].filter(
    ([, file]) => !/node_modules|^node:/.test(file!),
  );
  const [, name, line, column] = places.find(([, file]) => file === policy) ?? places[0] ?? [];
  if (name === undefined) return {};
  const file = name.replace(/^file:\/\//, "");
  // What runs is not what was written, but line by line: of a statement its beginning is told.
  const text = (await readText(file).catch(() => null)) ?? "";
  const start = text.split("\n")[Number(line) - 1]?.search(/\S/) ?? 0;
  const isSyntax = error.message.startsWith("ParseError");
  return { file, line: Number(line), columnNumber: (isSyntax ? Number(column) : start) + 1 };
}
