import type { DocumentPath, PathStep } from "./path-states.ts";

/** The children of an element: elements, and its attributes. */
export const ELEMENT = 0;
export const ATTRIBUTE = 1;

const STEP = /(\/\/?)(@?)(\*|[\p{L}_:][\p{L}\p{N}_:.\u00b7-]*)/uy;

/** Reads the part of XPath that names places from the root: /a/b, //b, /a/*, /a/@id, //@*. Null for what is no such path. */
export function parseXmlPath(path: string): DocumentPath | null {
  const steps: PathStep[] = [];
  STEP.lastIndex = 0;
  for (let at = 0; at < path.length; at = STEP.lastIndex) {
    const [all, slashes, sign, name] = STEP.exec(path) ?? [];
    if (all === undefined) return null;
    if (sign === "@" && at + all.length < path.length) return null;
    const of = sign === "@" ? ATTRIBUTE : ELEMENT;
    steps.push({ isDescendant: slashes === "//", selectors: [{ of, name: name === "*" ? null : name! }] });
  }
  return steps.length === 0 ? null : { steps, isName: false };
}

/** What is wrong with a path, null where nothing is. */
export function xmlPathProblem(path: string): string | null {
  return parseXmlPath(path) === null ? "is no path: write /person/name, //email, /person/*, /person/@id or //@id" : null;
}
