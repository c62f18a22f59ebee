import type { Document, LineCounter, Node, Pair } from "yaml";
import type { Finding, Place } from "../errors.ts";
import { createNode, type Layout, type PolicyNode } from "./policy-node.ts";

export interface PolicyData {
  /** Null where the text is malformed. */
  readonly node: PolicyNode | null;
  readonly findings: readonly Finding[];
}

/** Reads the text of a policy in YAML or JSON. Says where it is malformed, and never in its words: the parsers quote the text. */
export async function readData(file: string, text: string): Promise<PolicyData> {
  const isJson = file.endsWith(".json");
  const { LineCounter, parseDocument } = await import("yaml");
  const lines = new LineCounter();
  // JSON as well: JSON.parse takes the last of two rules for one column without a word, and tells no places.
  const document = parseDocument(text, { logLevel: "silent", lineCounter: lines, prettyErrors: false });
  const findings: Finding[] = [];
  const report = (what: string, offset: number | undefined, hint: string) => {
    const place = offset === undefined ? { file } : placeAt(lines, offset, file);
    const where = place.line === undefined ? "" : ` at line ${place.line}, column ${place.columnNumber}`;
    findings.push({ code: "POLICY_INVALID", severity: "error", message: `${file} ${what}${where}.`, hint, ...place });
  };
  const isTwice = ({ code }: { readonly code: string }) => code === "DUPLICATE_KEY";
  const broken = document.errors.filter((error) => !isTwice(error));
  for (const { pos } of document.errors.filter(isTwice)) report("says one thing twice", pos[0], "Keep one of the two.");
  if (!isJson) {
    for (const { pos } of broken) report("is not YAML", pos[0], SYNTAX_HINT);
    for (const { pos } of document.warnings) report("has a tag, and a policy is plain data,", pos[0], "Take the tag out.");
    if (broken.length + document.warnings.length > 0) return { node: null, findings };
  }
  try {
    const value: unknown = isJson ? JSON.parse(text) : document.toJS({ maxAliasCount: 100 });
    return { node: createNode(value, layoutOf(document.contents, { document, lines, file })), findings };
  } catch {
    // V8 does not say where JSON is broken. The YAML parser, to which nearly all JSON is YAML, does.
    if (isJson) report("is not JSON", broken[0]?.pos[0], SYNTAX_HINT);
    else report("has aliases that unfold without bound", undefined, "Write out what the aliases stand for.");
    return { node: null, findings };
  }
}

const SYNTAX_HINT =
  "Look there and just before for a missing value, bracket, quote or comma, a comma too many, or a wrong indent.";

interface Text {
  readonly document: Document;
  readonly lines: LineCounter;
  readonly file: string;
}

function placeAt(lines: LineCounter, offset: number, file: string): Place {
  const { line, col } = lines.linePos(offset);
  return { file, line, columnNumber: col };
}

/** Where a parsed value stands, and its parts. What an alias stands for has the places of its anchor. */
function layoutOf(node: unknown, text: Text): Layout {
  const here = node as Node | null | undefined;
  const place = here?.range ? placeAt(text.lines, here.range[0], text.file) : { file: text.file };
  const parts = resolved(here, text.document);
  return {
    place,
    field(name) {
      // Of a name that stands twice the last is the one that counts.
      const pair = pairsOf(parts).findLast(({ key }) => String((key as { value?: unknown } | null)?.value ?? "") === name);
      if (pair === undefined) return undefined;
      const key = layoutOf(pair.key, text).place;
      const value = layoutOf(pair.value, text);
      return { place: key, layout: value.place.line === undefined ? { ...value, place: key } : value };
    },
    item: (index) => (isCollection(parts) ? layoutOf(parts.items[index], text) : undefined),
  };
}

function resolved(node: Node | null | undefined, document: Document): unknown {
  return node !== null && node !== undefined && "resolve" in node ? (node as AliasNode).resolve(document) : node;
}

interface AliasNode {
  resolve(document: Document): unknown;
}

function pairsOf(node: unknown): readonly Pair[] {
  return isCollection(node) ? (node.items as unknown[]).filter((item): item is Pair => isPair(item)) : [];
}

function isCollection(node: unknown): node is { readonly items: readonly unknown[] } {
  return typeof node === "object" && node !== null && "items" in node && Array.isArray(node.items);
}

function isPair(item: unknown): boolean {
  return typeof item === "object" && item !== null && "key" in item;
}
