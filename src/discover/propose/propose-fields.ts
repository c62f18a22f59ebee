import type { ColumnKind } from "../../contracts.ts";
import { classOfValue, isPartOfForm } from "../recognise/document-leaves.ts";
import type { LeafShape } from "../recognise/document-tree.ts";
import { fieldsOfRow } from "../recognise/unwrap-values.ts";
import { KEPT, type PartContext, proposePart } from "./propose-part.ts";
import { type SuggestedRule, suggested } from "./suggested-rule.ts";

/** A form of values that have named parts, side by side. */
interface FieldForm {
  readonly kinds: readonly ColumnKind[];
  /** The parts of a value, by name; null where it is not of this form. */
  read(value: string): readonly (readonly [name: string, value: string])[] | null;
  /** Whether parts have places in the place of names, and types that are not known: then each of them is decided, or none. */
  readonly isTyped?: boolean;
  rule(byName: ReadonlyMap<string, SuggestedRule>): SuggestedRule;
}

const ofNames = (byName: ReadonlyMap<string, SuggestedRule>, nameOf: (name: string) => string = (name) => name) =>
  Object.fromEntries([...byName].map(([name, rule]) => [nameOf(name), rule]));

/** `email=jane%40acme.com&plan=gold`, as forms are sent. */
export const QUERY_STRING = /^[\w.[\]-]{1,60}=[^\s&=]*(?:&[\w.[\]-]{1,60}=[^\s&=]*)+$/;
const PAIR = /\s*"((?:[^"\\]|\\.)*)"\s*=>\s*(?:"((?:[^"\\]|\\.)*)"|NULL)\s*(?:,|$)/gsy;

const FORMS: readonly FieldForm[] = [
  {
    kinds: ["text"],
    read: (value) => (QUERY_STRING.test(value) ? [...new URLSearchParams(value)] : null),
    rule: (byName) => suggested("maskQuery", { parameters: ofNames(byName), others: "redact", onUnsupported: "redact" }),
  },
  {
    kinds: ["other", "text"],
    read: pairsOfHstore,
    rule: (byName) => suggested("maskHstore", { keys: ofNames(byName), others: "redact", onUnsupported: "nullify" }),
  },
  {
    kinds: ["other"],
    read: (value) => fieldsOfRow(value).map((field, at) => [String(at), field] as const),
    isTyped: true,
    rule: (byName) => suggested("maskComposite", { fields: ofNames(byName), others: "redact", onUnsupported: "nullify" }),
  },
  {
    kinds: ["xml", "text"],
    read: (value) => (/^<(?:\?xml|[\p{L}_])/u.test(value) ? leavesOfXml(value) : null),
    rule: (byName) => {
      const kept = [...byName].flatMap(([name, rule]) => (rule === KEPT && !name.startsWith("@") ? [name] : []));
      return suggested("maskXml", {
        // A path to an element means all that is in it.
        paths: {
          ...ofNames(byName, (name) => `//${name}`),
          ...Object.fromEntries(kept.map((name) => [`//${name}//*`, EMPTIED])),
        },
        others: "redact",
        onUnsupported: "nullify",
      });
    },
  },
];

const EMPTIED = suggested("redact");

/** The pairs of an hstore as PostgreSQL writes it; null where it is none. */
export function pairsOfHstore(value: string): readonly (readonly [string, string])[] | null {
  const pairs: [string, string][] = [];
  PAIR.lastIndex = 0;
  const plain = (text: string) => text.replaceAll(/\\(.)/gs, "$1");
  while (PAIR.lastIndex < value.length) {
    const found = PAIR.exec(value);
    if (found === null) return null;
    pairs.push([plain(found[1]!), plain(found[2] ?? "")]);
  }
  return pairs.length === 0 ? null : pairs;
}

/** Enough of a document to see what there is. */
const MAX_LEAVES = 400;

/** Elements and attributes with text in them, by name as it is written: what a look at the text tells, without a parser. */
export function leavesOfXml(text: string): readonly (readonly [name: string, value: string])[] {
  const elements = text.matchAll(/<([\p{L}_][\w.:-]{0,60})(?:\s[^<>]{0,500})?>([^<>]{1,500})</gu);
  const attributes = text.matchAll(/\s([\p{L}_][\w.:-]{0,60})="([^"<>]{1,500})"/gu);
  return [
    ...[...elements].map(([, name, content]) => [name!, content!] as const),
    ...[...attributes].map(([, name, content]) => [`@${name}`, content!] as const),
  ].slice(0, MAX_LEAVES);
}

/** A rule for values with named parts: a mask for each part that is personal, `keep` for the harmless, all others closed. Null where they have none. */
export function proposeFields(values: readonly string[], context: PartContext): SuggestedRule | null {
  for (const form of FORMS.filter(({ kinds }) => kinds.includes(context.column.kind))) {
    const found = values.flatMap((value) => {
      const parts = form.read(value);
      return parts === null || parts.length === 0 ? [] : [parts];
    });
    if (found.length > 0 && found.length >= 0.3 * values.length) return ruleOfForm(form, found, context);
  }
  return null;
}

function ruleOfForm(
  { isTyped = false, rule }: FieldForm,
  found: readonly (readonly (readonly [name: string, value: string])[])[],
  context: PartContext,
): SuggestedRule | null {
  const byName = new Map<string, string[]>();
  for (const [name, value] of found.flat()) byName.set(name, [...(byName.get(name) ?? []), value]);
  const names = [...byName.keys()].filter(
    (name) => isTyped || isPartOfForm(bare(name), byName.get(name)!.length, found.length, context.lists),
  );
  // Names that may be data cannot be masked here, and would stay.
  if (names.length < 0.5 * byName.size || [...byName.keys()].some((name) => !isTyped && mayBeData(bare(name)))) return null;
  const rules = new Map<string, SuggestedRule>();
  for (const name of names) {
    const values = byName.get(name)!.filter((value) => value.trim() !== "");
    const part = {
      name: isTyped ? "" : bare(name),
      values: [...new Set(values)],
      shapes: shapesOf(values),
      neighbours: names,
      isOfForm: true,
    };
    const proposed = proposePart(part, context) ?? (isTyped && values.length > 0 ? ofSameType(values) : null);
    if (proposed !== null) rules.set(name, proposed);
  }
  return [...rules.values()].some((one) => one !== KEPT) ? rule(rules) : null;
}

/** Closes a part whose type nobody knows: numbers stay numbers, words words, and all else, a date or a yes, is emptied. */
function ofSameType(values: readonly string[]): SuggestedRule {
  if (values.every((value) => /^-?\d+$/.test(value))) return suggested("encryptDigits", { onUnsupported: "nullify" });
  const areWords = values.every((value) => /\p{L}{3}/u.test(value) && !/^[\da-f-]{32,36}$|^\d{4}-/i.test(value));
  return areWords ? suggested("scramble", { onUnsupported: "nullify" }) : suggested("nullify");
}

/** Without the sign of an attribute and the prefix of a namespace. */
const bare = (name: string) => name.replace(/^@/, "").replace(/^[\w-]+:/, "");

const mayBeData = (name: string) => /\d{3}|[@\s]/.test(name) || classOfValue(name) !== null;

/** Numbers stay numbers where a type may ask for them. */
function shapesOf(values: readonly string[]): ReadonlySet<LeafShape> {
  if (values.every((value) => /^-?[1-9]\d{0,17}$|^0$/.test(value))) return new Set(["integer"]);
  return new Set([values.every((value) => /^-?\d{1,17}\.\d{1,17}$/.test(value)) ? "decimal" : "text"]);
}
