import type { Alias, Document, Node, Pair, Scalar, YAMLMap } from "yaml";
import { isReadExactly, LONG_NUMBER, OTHER_NUMBER } from "../parse/number-as-written.ts";
import { createNode, type Layout, type PolicyNode } from "../parse/policy-node.ts";
import { byName, type PlaceAt } from "../parse/text-places.ts";
import { type ReportText, SYNTAX_HINT } from "./read-data.ts";

/** Reads YAML: one document of plain data, in which names are what stands there (`no`, `010` and `1.0` are columns too). */
export async function readYaml(text: string, at: PlaceAt, report: ReportText): Promise<PolicyNode | null> {
  const { parseDocument, visit } = await import("yaml");
  // At the level "silent" a second document would be passed over. Names that stand twice are looked for below: the parser compares each with each.
  const document = parseDocument(text, { logLevel: "error", prettyErrors: false, stringKeys: true, uniqueKeys: false });
  let isBroken = false;
  const refuse: ReportText = (what, offset, hint) => {
    isBroken = true;
    report(what, offset, hint);
  };
  for (const { code, pos } of document.errors) {
    if (code === "MULTIPLE_DOCS")
      refuse("holds a second policy", pos[0], "Keep one. What differs between targets stands under `environments`.");
    else if (code === "NON_STRING_KEY") refuse("has a name that is no text", pos[0], "Write the name of a table or column.");
    else refuse("is not YAML", pos[0], SYNTAX_HINT);
  }
  for (const { pos } of document.warnings) refuse("has a tag, and a policy is plain data,", pos[0], "Take the tag out.");
  if (isBroken) return null;
  visit(document, {
    Map: (_, map) => reportNames(map, report, refuse),
    Alias(_, alias) {
      if (alias.resolve(document) === undefined)
        refuse("has an alias without its anchor", offsetOf(alias), "Write out what it stands for.");
    },
    Scalar: (_, scalar) => reportNumber(scalar, report),
  });
  if (isBroken) return null;
  try {
    return createNode(document.toJS({ maxAliasCount: 100 }), layoutOf(document.contents, document, at));
  } catch {
    report("has aliases that unfold without bound", 0, "Write out what the aliases stand for.");
    return null;
  }
}

function reportNames({ items }: YAMLMap, report: ReportText, refuse: ReportText): void {
  const names = new Set<string>();
  for (const { key } of items as Pair<Node>[]) {
    const name = nameOf(key);
    if (name === "<<")
      refuse(
        "has a merge key, which is not of YAML 1.2,",
        offsetOf(key),
        "Write the rules out, or give them by a pattern or `include`.",
      );
    else if (names.has(name)) report("says one thing twice", offsetOf(key), "Keep one of the two.");
    names.add(name);
  }
}

/** A number that is read as another one than stands there: `010` as 10, what has too many digits as its neighbour. A stand-in must not change unseen. */
function reportNumber({ value, source, range }: Scalar, report: ReportText): void {
  if (typeof value !== "number" || source === undefined || /^[-+]?\.(inf|nan)$/i.test(source)) return;
  if (isReadExactly(source, value) && !/^[-+]?0[\dxo]/i.test(source)) return;
  const isTooLong = /^[-+]?([1-9]\d*|\d*\.\d+)$/.test(source);
  report(OTHER_NUMBER, range?.[0] ?? 0, isTooLong ? LONG_NUMBER : "Put it in quotes if it is a text, or write it in digits.");
}

/** Where a parsed value stands, and its parts. What an alias stands for has the places of its anchor. */
function layoutOf(node: Node | null, document: Document, at: PlaceAt): Layout {
  const parts = node !== null && "resolve" in node ? (node as Alias).resolve(document) : node;
  const items: readonly unknown[] = parts !== null && parts !== undefined && "items" in parts ? parts.items : [];
  const place = at(node === null ? 0 : offsetOf(node));
  return {
    place,
    isData: true,
    field: byName(function* () {
      for (const { key, value } of items.filter(isPair)) {
        const own = at(offsetOf(key));
        yield [nameOf(key), { place: own, layout: value === null ? { ...NOTHING, place: own } : layoutOf(value, document, at) }];
      }
    }),
    item: (index) =>
      items[index] === undefined || isPair(items[index]) ? undefined : layoutOf(items[index] as Node, document, at),
  };
}

const NOTHING: Omit<Layout, "place"> = { isData: true, field: () => undefined, item: () => undefined };

function nameOf(key: Node | null): string {
  return String((key as Scalar | null)?.value ?? "");
}

function offsetOf(node: Node | null): number {
  return node?.range?.[0] ?? 0;
}

function isPair(item: unknown): item is Pair<Node, Node | null> {
  return typeof item === "object" && item !== null && "key" in item;
}
