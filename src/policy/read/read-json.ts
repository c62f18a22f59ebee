import type { Node, ParseError } from "jsonc-parser";
import { isReadExactly, LONG_NUMBER, OTHER_NUMBER } from "../parse/number-as-written.ts";
import { createNode, type Layout, type PolicyNode } from "../parse/policy-node.ts";
import { byName, type PlaceAt } from "../parse/text-places.ts";
import { type ReportText, SYNTAX_HINT } from "./read-data.ts";

/** Reads JSON. `JSON.parse` takes the last of two rules for one column without a word and tells no places, so a parser of places looks first. */
export async function readJson(text: string, at: PlaceAt, report: ReportText): Promise<PolicyNode | null> {
  const { default: jsonc } = await import("jsonc-parser");
  const errors: ParseError[] = [];
  try {
    const tree = jsonc.parseTree(text, errors, { disallowComments: true, allowTrailingComma: false });
    for (const { error, offset } of errors) {
      const isComment = jsonc.printParseErrorCode(error) === "InvalidCommentToken";
      if (isComment) report("has a comment, and JSON has none,", offset, "Take it out, or write the policy in YAML.");
      else report("is not JSON", offset, SYNTAX_HINT);
    }
    if (errors.length > 0 || tree === undefined) return null;
    reportTwice(tree, report);
    reportNumbers(tree, text, report);
    return createNode(JSON.parse(text), layoutOf(tree, at));
  } catch {
    report("is not JSON", 0, SYNTAX_HINT);
    return null;
  }
}

function reportTwice(node: Node, report: ReportText): void {
  const names = new Set<string>();
  for (const child of node.children ?? []) {
    const [key] = node.type === "object" ? (child.children ?? []) : [];
    if (key !== undefined && names.has(key.value)) report("says one thing twice", key.offset, "Keep one of the two.");
    if (key !== undefined) names.add(key.value);
    reportTwice(child, report);
  }
}

function reportNumbers({ type, value, offset, length, children = [] }: Node, text: string, report: ReportText): void {
  if (type === "number" && !isReadExactly(text.slice(offset, offset + length), value)) report(OTHER_NUMBER, offset, LONG_NUMBER);
  for (const child of children) reportNumbers(child, text, report);
}

function layoutOf(node: Node, at: PlaceAt): Layout {
  const { children = [], type } = node;
  return {
    place: at(node.offset),
    isData: true,
    field: byName(function* () {
      if (type !== "object") return;
      for (const { children: [key, value] = [] } of children)
        if (key !== undefined && value !== undefined)
          yield [key.value as string, { place: at(key.offset), layout: layoutOf(value, at) }];
    }),
    item: (index) => (type === "array" && children[index] !== undefined ? layoutOf(children[index], at) : undefined),
  };
}
