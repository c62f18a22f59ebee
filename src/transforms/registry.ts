import type { Transform } from "../contracts.ts";
import * as door from "./index.ts";

/** Every transform that `standin/transforms` exports, by the name that a policy calls it. */
const TRANSFORMS: ReadonlyMap<string, Transform> = new Map(
  Object.values(door).flatMap((exported): [string, Transform][] =>
    typeof exported === "function" && "transform" in exported ? [[exported.transform.name, exported.transform]] : [],
  ),
);

/** The transform of this name, undefined where there is none. */
export function transformByName(name: string): Transform | undefined {
  return TRANSFORMS.get(name);
}

/** The names of all transforms, in the order of the alphabet. */
export function transformNames(): readonly string[] {
  return [...TRANSFORMS.keys()].sort();
}
