/** What stands at one place of many documents, whatever shapes it has there. */
export interface DocumentNode {
  /** How often it was an object. */
  objects: number;
  /** What the objects have under each of their keys, and how many have it. */
  readonly members: Map<string, DocumentMember>;
  /** What the lists hold. */
  items: DocumentNode | null;
  /** Texts, numbers and booleans, as texts. */
  readonly leaves: string[];
  readonly shapes: Set<LeafShape>;
}

export interface DocumentMember {
  readonly node: DocumentNode;
  count: number;
}

export type LeafShape = "text" | "integer" | "decimal" | "boolean";

/** Deeper, and beyond so many keys or items, documents are not looked into: what a policy does not name is closed anyway. */
const MAX_DEPTH = 12;
const MAX_KEYS = 400;
const MAX_ITEMS = 50;
const MAX_LEAVES = 200;
const MAX_CHARACTERS = 2_000;

export function emptyNode(): DocumentNode {
  return { objects: 0, members: new Map(), items: null, leaves: [], shapes: new Set() };
}

/** Lays documents over each other. */
export function treeOf(documents: readonly unknown[]): DocumentNode {
  const root = emptyNode();
  for (const document of documents) add(root, document, 0);
  return root;
}

function add(node: DocumentNode, value: unknown, depth: number): void {
  if (depth > MAX_DEPTH || value === null || value === undefined) return;
  if (Array.isArray(value)) {
    node.items ??= emptyNode();
    for (const item of value.slice(0, MAX_ITEMS)) add(node.items, item, depth + 1);
  } else if (typeof value === "object") {
    node.objects++;
    for (const [key, item] of Object.entries(value).slice(0, MAX_KEYS)) {
      let member = node.members.get(key);
      if (member === undefined) {
        member = { node: emptyNode(), count: 0 };
        node.members.set(key, member);
      }
      member.count++;
      add(member.node, item, depth + 1);
    }
  } else {
    node.shapes.add(shapeOf(value));
    if (value !== "" && node.leaves.length < MAX_LEAVES) node.leaves.push(String(value).slice(0, MAX_CHARACTERS));
  }
}

function shapeOf(value: unknown): LeafShape {
  if (typeof value === "boolean") return "boolean";
  if (typeof value === "number") return Number.isInteger(value) ? "integer" : "decimal";
  return "text";
}

/** What stands under several keys, as under one. */
export function merged(nodes: readonly DocumentNode[]): DocumentNode {
  const all = emptyNode();
  for (const node of nodes) {
    all.objects += node.objects;
    for (const shape of node.shapes) all.shapes.add(shape);
    all.leaves.push(...node.leaves.slice(0, MAX_LEAVES - all.leaves.length));
    if (node.items !== null) all.items = all.items === null ? node.items : merged([all.items, node.items]);
    for (const [key, { node: child, count }] of node.members) {
      const known = all.members.get(key);
      all.members.set(
        key,
        known === undefined ? { node: child, count } : { node: merged([known.node, child]), count: known.count + count },
      );
    }
  }
  return all;
}
