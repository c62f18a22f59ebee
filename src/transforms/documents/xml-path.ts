import type { DocumentPath, PathStep } from "./path-states.ts";

/** The children of an element: elements, and its attributes. */
export const ELEMENT = 0;
export const ATTRIBUTE = 1;

const STARTS =
  ":A-Z_a-z\\u00c0-\\u00d6\\u00d8-\\u00f6\\u00f8-\\u02ff\\u0370-\\u037d\\u037f-\\u1fff\\u200c\\u200d\\u2070-\\u218f\\u2c00-\\u2fef\\u3001-\\ud7ff\\uf900-\\ufdcf\\ufdf0-\\ufffd\\u{10000}-\\u{effff}";

/** XML 1.0 §2.3: NameStartChar, NameChar. */
export const XML_NAME = `[${STARTS}][${STARTS}\\d.\\u00b7\\u0300-\\u036f\\u203f\\u2040-]*`;

const STEP = new RegExp(`(//?)(@?)(\\*|${XML_NAME})`, "uy");

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
