import type { DataClass } from "../../policy/class-names.ts";
import { parseCutJson } from "../recognise/cut-json.ts";
import { classOfValue, isPartOfForm } from "../recognise/document-leaves.ts";
import { type DocumentNode, emptyNode, merged, treeOf } from "../recognise/document-tree.ts";
import { recogniseColumnName } from "../recognise/recognise-column-name.ts";
import { isCoordinate } from "../recognise/recognise-place.ts";
import { KEPT, type PartContext, proposePart } from "./propose-part.ts";
import { type SuggestedRule, suggested } from "./suggested-rule.ts";

/** More than a person reads. A document of more places is emptied. */
const MAX_PATHS = 200;

/** They leave a number a number. */
const OF_NUMBERS = new Set(["addNoise", "encryptDigits", "nullify"]);

const EMPTIED = suggested("nullify");
const SCRAMBLED = suggested("scramble", { onUnsupported: "redact" });

/**
 * A rule for a column of JSON: a mask at each path whose name or values are personal, `keep` where they are harmless, and everything else closed. Keys that may
 * be data themselves are not written: `.*` stands for them, and their names are masked too. Null where the values are no documents.
 */
export function proposeDocument(values: readonly string[], context: PartContext): SuggestedRule | null {
  const documents = values.flatMap((value) => {
    const document = /^[[{"]/.test(value) ? parseCutJson(value) : undefined;
    return document === undefined ? [] : [document];
  });
  if (documents.length === 0 || documents.length < 0.3 * values.length) return null;
  const found: Found = { masks: [], names: [], kept: [], needsText: false };
  walk(treeOf(documents), { path: "$", name: context.column.name, told: null, isOfForm: true, neighbours: [] }, found, context);
  const kept = pathsOf(found.kept);
  const paths: Named[] = [
    ...found.names,
    ...found.masks,
    ...kept.map((path): Named => [path, KEPT]),
    // A path to an object means all that is in it: what was a text may be an object in another row.
    ...kept.map((path): Named => [`${path}.*`, EMPTIED]),
  ];
  if (found.masks.length + found.names.length === 0 || paths.length > MAX_PATHS) return null;
  const { kind } = context.column;
  return suggested("maskJson", {
    paths: Object.fromEntries(paths),
    others: "redact",
    ...(found.needsText && { asText: true }),
    onUnsupported: kind === "text" ? "redact" : "nullify",
  });
}

type Named = readonly [path: string, rule: SuggestedRule];

interface Found {
  readonly masks: Named[];
  readonly names: Named[];
  /** What is kept, by the path of the object or list that it is in. */
  readonly kept: Step[];
  /** Whether a mask may give a text for a number. */
  needsText: boolean;
}

interface Step {
  readonly parent: string;
  /** Null for what no key leads to. */
  readonly key: string | null;
}

interface Position {
  readonly path: string;
  readonly name: string;
  readonly told: DataClass | null;
  readonly isOfForm: boolean;
  readonly neighbours: readonly string[];
  /** @default the path itself */
  readonly step?: Step;
}

/** Keys of a document's form hold no sign that would have to be escaped. */
const union = (keys: readonly string[]) => `[${keys.map((key) => `'${key}'`).join(",")}]`;

/** One path for all keys of an object. */
function pathsOf(steps: readonly Step[]): readonly string[] {
  const byParent = new Map<string, string[]>();
  for (const { parent, key } of steps) if (key !== null) byParent.set(parent, [...(byParent.get(parent) ?? []), key]);
  return [
    ...[...byParent].map(([parent, keys]) => `${parent}${keys.length === 1 ? `.${keys[0]}` : union(keys)}`),
    ...steps.flatMap(({ parent, key }) => (key === null ? [parent] : [])),
  ];
}

function walk(node: DocumentNode, at: Position, found: Found, context: PartContext): void {
  if (node.leaves.length > 0) addLeaf(node, at, found, context);
  if (node.items !== null) {
    const path = `${at.path}[*]`;
    walk(node.items, { ...at, path, step: { parent: path, key: null } }, found, context);
  }
  const members = [...node.members];
  const ofForm = members.filter(([key, { count }]) => isPartOfForm(key, count, node.objects, context.lists));
  const others = members.filter((member) => !ofForm.includes(member));
  const place = placeOf(node);
  const neighbours = ofForm.map(([key]) => key);
  for (const [key, member] of ofForm) {
    const position = {
      path: `${at.path}.${key}`,
      name: key,
      told: place.has(key) ? ("coordinates" as const) : null,
      isOfForm: at.isOfForm,
      neighbours,
      step: { parent: at.path, key },
    };
    walk(member.node, position, found, context);
  }
  if (others.length === 0) return;
  if (neighbours.length > 0) found.names.push([`${at.path}${union(neighbours)}~`, KEPT]);
  found.names.push([`${at.path}.*~`, nameRule(others.map(([key]) => key))]);
  const all = others.length === 1 ? others[0]![1].node : others.reduce((sum, [, one]) => merged([sum, one.node]), emptyNode());
  walk(all, { ...at, path: `${at.path}.*`, isOfForm: false, neighbours: [], told: null }, found, context);
}

function addLeaf(node: DocumentNode, at: Position, found: Found, context: PartContext): void {
  const { name, neighbours, told, isOfForm } = at;
  const rule = proposePart({ name, values: node.leaves, shapes: node.shapes, neighbours, told, isOfForm }, context);
  if (rule === KEPT) found.kept.push(at.step ?? { parent: at.path, key: null });
  else if (rule !== null) {
    found.masks.push([at.path, rule]);
    found.needsText ||= !OF_NUMBERS.has(rule.transform) && [...node.shapes].some((shape) => shape !== "text");
  }
}

/** Names that are mail addresses become such ones; of all others nothing is known. */
function nameRule(keys: readonly string[]): SuggestedRule {
  return keys.every((key) => classOfValue(key) === "email") ? suggested("fake", { path: "internet.email" }) : SCRAMBLED;
}

/** Keys of degrees, two of them, as in `{ lat, lng }`, or as GeoJSON has them. */
function placeOf({ members }: DocumentNode): ReadonlySet<string> {
  const degrees = [...members].filter(([key]) => recogniseColumnName(key, "", [])?.kind === "coordinates");
  const values = degrees.flatMap(([, { node }]) => [...node.leaves, ...(node.items?.leaves ?? [])]);
  const isPlace = values.length >= 2 && values.every(isCoordinate);
  return new Set(isPlace ? degrees.map(([key]) => key) : []);
}
