import type { Transform } from "../../contracts.ts";
import { transformByName, transformNames } from "../../transforms/registry.ts";

/** The transforms that a policy can name: the built-in ones, and those of its plug-ins. */
export interface TransformLookup {
  find(name: string): Transform | undefined;
  /** In the order of the alphabet. */
  names(): readonly string[];
}

export const BUILT_IN: TransformLookup = { find: transformByName, names: transformNames };

/** The built-in transforms and more of them, by name. */
export function withTransforms(more: ReadonlyMap<string, Transform>): TransformLookup {
  if (more.size === 0) return BUILT_IN;
  return {
    find: (name) => transformByName(name) ?? more.get(name),
    names: () => [...transformNames(), ...more.keys()].sort(),
  };
}
