import { isStandinError } from "../errors.ts";
import { isRule } from "../inner-rules.ts";
import { BrokenRule } from "../policy/parse/broken-rule.ts";
import { isRecord } from "../policy/parse/policy-node.ts";
import { optionsOfCall } from "../transforms/define-transform.ts";
import { transformByName } from "../transforms/registry.ts";

type Door = Readonly<Record<string, unknown>>;

/** Names that a loader asks a module for, and that are no mistake of the policy's. */
const LOADERS_NAMES = ["then", "default", "__esModule", "module.exports", "prototype"];

/**
 * What a policy imports when it imports standin in the command: the same exports, but a rule that cannot be made, or a function that does not exist, gives a
 * broken rule. So one run tells of all of them.
 */
export function forgivingDoor(door: Door): Door {
  const exports = Object.fromEntries(Object.entries(door).map(([name, one]) => [name, isTransform(one) ? forgiving(one) : one]));
  return new Proxy(exports, {
    get(_, name) {
      if (typeof name === "symbol" || name in exports || LOADERS_NAMES.includes(name)) return exports[name as string];
      return (input: unknown) => new BrokenRule(name, isRecord(input) ? input : {});
    },
  });
}

type TransformExport = ((...input: readonly unknown[]) => unknown) & { readonly transform: { readonly name: string } };

function isTransform(exported: unknown): exported is TransformExport {
  return typeof exported === "function" && "transform" in exported;
}

function forgiving(make: TransformExport) {
  const rule = (...input: readonly unknown[]) => {
    try {
      const made = make(...input);
      if (isRule(made)) return made;
    } catch (error) {
      if (!isStandinError(error)) throw error;
    }
    return new BrokenRule(transformByName(make.transform.name) ?? make.transform.name, optionsOf(make, input));
  };
  return Object.assign(rule, make);
}

/** `fake("internet.email", { unique: true })` as the options that it means. */
function optionsOf(make: TransformExport, input: readonly unknown[]): Record<string, unknown> {
  const { options = {}, shorthand = null } = transformByName(make.transform.name) ?? {};
  const meant = optionsOfCall({ shorthand: shorthand ?? Object.keys(options)[0] ?? "options" }, input);
  return isRecord(meant) ? meant : {};
}
