import type { Transform } from "../../contracts.ts";
import type { Finding } from "../../errors.ts";
import { COMMON_OPTIONS } from "../../transforms/define-transform.ts";
import { transformByName } from "../../transforms/registry.ts";
import type { Placed } from "../parse/policy-draft.ts";
import { BUILT_IN, type TransformLookup, withTransforms } from "../parse/transform-lookup.ts";

/** Runs a module that a policy names, looked for from the policy's file, and gives all that it exports. */
export type ImportPlugin = (name: string, from: string) => Promise<Readonly<Record<string, unknown>>>;

/** Loads the modules that a policy in a file names in `plugins`: the transforms among their exports can be named in that policy, and nowhere else. */
export async function loadPlugins(
  file: string,
  plugins: readonly Placed<string>[],
  importPlugin: ImportPlugin | undefined,
  findings: Finding[],
): Promise<TransformLookup> {
  const found = new Map<string, Transform>();
  for (const { value: name, place } of plugins) {
    const refuse = (message: string, hint: string) =>
      findings.push({ code: "POLICY_INVALID", severity: "error", message, ...place, hint });
    if (importPlugin === undefined) {
      refuse("A plug-in is code, and nothing here runs it.", "Import it where the policy is code, and call its transforms.");
      continue;
    }
    if (/^[a-z][a-z0-9+.-]+:/i.test(name)) {
      refuse("A plug-in is a local module, and this one is a URL.", "Install it, or copy it beside the policy.");
      continue;
    }
    const transforms = transformsOf(await importPlugin(name, file));
    if (transforms.length === 0) refuse(`${name} exports no transform.`, "Export what defineTransform gives.");
    for (const transform of transforms) {
      const problem = nameProblem(transform, found);
      if (problem === null) found.set(transform.name, transform);
      else refuse(`${name}: ${problem}`, "Give the transform a name of its own.");
    }
  }
  return withTransforms(found);
}

/** Without those that a module hands on from standin, and each once. */
function transformsOf(exports: Readonly<Record<string, unknown>>): readonly Transform[] {
  const made = Object.values(exports).flatMap((one) => (isTransformFunction(one) ? [one.transform] : []));
  return [...new Set(made)].filter((transform) => transformByName(transform.name) !== transform);
}

function isTransformFunction(exported: unknown): exported is { readonly transform: Transform } {
  if (typeof exported !== "function" || !("transform" in exported)) return false;
  const { transform } = exported;
  return typeof transform === "object" && transform !== null && "name" in transform && "prepare" in transform;
}

function nameProblem({ name }: Transform, found: ReadonlyMap<string, Transform>): string | null {
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) return "the name of a transform is a verb of letters and digits, as roundAge.";
  if (BUILT_IN.find(name) !== undefined) return `standin has a transform ${name} of its own.`;
  if (Object.hasOwn(COMMON_OPTIONS, name)) return `${name} is what every rule may say.`;
  return found.has(name) ? `another plug-in has a transform ${name} too.` : null;
}
