import type { DataClass } from "../../policy/class-names.ts";
import { leavesOfXml, pairsOfHstore, QUERY_STRING } from "../propose/propose-fields.ts";
import { parseCutJson } from "./cut-json.ts";
import { classOfLeaf, classOfValue, isNameOfKind } from "./document-leaves.ts";
import { recogniseColumnName } from "./recognise-column-name.ts";
import { isCoordinate } from "./recognise-place.ts";
import type { Recogniser } from "./recogniser.ts";

/** Deeper, and beyond so many leaves, a document is not looked into. */
const MAX_DEPTH = 12;
const MAX_LEAVES = 400;
/** Paths that the reason names. */
const NAMED_PATHS = 4;

/** JSON, XML, and forms as they are sent (`a=1&b=2`), whose leaves are personal, by their names and values. */
export const recogniseDocument: Recogniser = {
  kind: "document",
  accepts: ["json", "xml", "text", "other"],
  measure: (values) => {
    const documents = values.flatMap((value) => parsed(value) ?? []);
    const share = values.length === 0 ? 0 : documents.length / values.length;
    if (share < 0.3) return { kind: "document", share, alone: 0, support: 0.3, isNeeded: false, says: "are no documents" };
    const paths = new Map<string, Set<DataClass>>();
    for (const document of documents)
      for (const [path, kind] of classesIn(document)) paths.set(path, (paths.get(path) ?? new Set()).add(kind));
    if (paths.size === 0) return { kind: "document", share, alone: 0, support: 0.3, isNeeded: false, says: "are documents" };
    const shown = [...paths].slice(0, NAMED_PATHS).map(([path, kinds]) => `${[...kinds].join(" or ")} at ${path}`);
    const more = paths.size > NAMED_PATHS ? ` and ${paths.size - NAMED_PATHS} more` : "";
    return {
      kind: "document",
      share: Math.max(share, 0.9),
      alone: 0.9,
      support: 0.95,
      isNeeded: false,
      says: `hold ${shown.join(", ")}${more}`,
    };
  },
};

function parsed(value: string): unknown {
  const first = value.charCodeAt(0);
  if (first === OPEN_TAG && /^<(?:\?xml|[\p{L}_])/u.test(value)) return { xml: leavesOfXml(value) };
  if (first === OPEN_BRACE || first === OPEN_BRACKET || (first === QUOTE && !value.includes("=>"))) return parseCutJson(value);
  if (QUERY_STRING.test(value)) return Object.fromEntries(new URLSearchParams(value));
  const pairs = first === QUOTE ? pairsOfHstore(value) : null;
  return pairs === null ? undefined : Object.fromEntries(pairs);
}

const QUOTE = 0x22;
const OPEN_TAG = 0x3c;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

function classesIn(document: unknown): readonly (readonly [string, DataClass])[] {
  const found: (readonly [string, DataClass])[] = [];
  let leaves = 0;
  const walk = (node: unknown, name: string, path: readonly string[]): void => {
    if (leaves > MAX_LEAVES || path.length > MAX_DEPTH) return;
    if (Array.isArray(node)) {
      for (const item of node.slice(0, 50)) walk(item, name, [...path, "[]"]);
    } else if (typeof node === "object" && node !== null) {
      if (isPlace(node)) found.push([written(path), "coordinates"]);
      for (const [key, item] of Object.entries(node).slice(0, MAX_LEAVES)) {
        const own = [...path, shown(key)];
        // A document may be a map by what tells a person.
        const kind = classOfValue(key);
        if (kind !== null) found.push([`a key of ${written(path)}`, kind]);
        walk(item, key, own);
      }
    } else if (node !== null && node !== "" && typeof node !== "boolean") {
      leaves++;
      const inner = typeof node === "string" && /^[{[]/.test(node) ? parseCutJson(node) : undefined;
      if (typeof inner === "object") {
        walk(inner, name, path);
        return;
      }
      const kind = classOfLeaf(name, String(node).slice(0, 2000));
      if (kind !== null) found.push([written(path), kind]);
    }
  };
  if (typeof document === "object" && document !== null && "xml" in document && Array.isArray(document.xml)) {
    for (const [name, content] of document.xml as [string, string][]) {
      const bare = name.slice(name.search(/[^@:]*$/));
      const kind = classOfLeaf(bare, content);
      if (kind !== null) found.push([`<${shown(bare)}>`, kind]);
    }
  } else walk(document, "", []);
  return found;
}

const written = (path: readonly string[]) => ["$", ...path].join(".").replaceAll(".[]", "[]");

/** Degrees by name, two of them, as in `{ lat, lng }`, or as GeoJSON has them. */
function isPlace(node: object): boolean {
  const degrees = Object.entries(node).flatMap(([key, value]) =>
    recogniseColumnName(key, "", [])?.kind === "coordinates" ? [value].flat() : [],
  );
  return degrees.length >= 2 && degrees.every((one) => isCoordinate(String(one)));
}

const shown = (key: string) => (isNameOfKind(key) ? key : "*");
