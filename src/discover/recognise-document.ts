import type { DataClass } from "../policy/class-names.ts";
import { parseCutJson } from "./cut-json.ts";
import { isCardNumber } from "./recognise-card.ts";
import { isMadeOfKnownWords, recogniseColumnName } from "./recognise-column-name.ts";
import { isEmail } from "./recognise-email.ts";
import { isIban } from "./recognise-iban.ts";
import { isIpAddress, isVersionName } from "./recognise-network-address.ts";
import { hasFormOfPhone } from "./recognise-phone.ts";
import { isCoordinate } from "./recognise-place.ts";
import { isIssuedSecret, isPasswordHash } from "./recognise-secret.ts";
import type { Recogniser } from "./recogniser.ts";

/** Deeper, and beyond so many leaves, a document is not looked into. */
const MAX_DEPTH = 12;
const MAX_LEAVES = 400;
/** Paths that the reason names. */
const NAMED_PATHS = 4;

/** JSON, XML, and forms as they are sent (`a=1&b=2`), whose leaves are personal, by their names and values. */
export const recogniseDocument: Recogniser = {
  kind: "document",
  accepts: ["json", "xml", "text"],
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
  if (first === OPEN_BRACE || first === OPEN_BRACKET || first === QUOTE) return parseCutJson(value);
  // `email=jane%40acme.com&plan=gold`, as forms are sent.
  if (/^[\w.[\]-]{1,60}=[^\s&=]*(?:&[\w.[\]-]{1,60}=[^\s&=]*)+$/.test(value))
    return Object.fromEntries(new URLSearchParams(value));
  return undefined;
}

const QUOTE = 0x22;
const OPEN_TAG = 0x3c;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

/** Elements and attributes with text in them, by name: what a look at the text tells, without a parser. */
function leavesOfXml(text: string): readonly (readonly [string, string])[] {
  const elements = text.matchAll(/<(?:[\w-]{1,40}:)?([\p{L}_][\w.-]{0,60})(?:\s[^<>]{0,500})?>([^<>]{1,500})</gu);
  const attributes = text.matchAll(/\s([\p{L}_][\w.-]{0,60})="([^"<>]{1,500})"/gu);
  return [...elements, ...attributes].slice(0, MAX_LEAVES).map(([, name, content]) => [name!, content!] as const);
}

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
        const own = [...path, shownKey(key)];
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
      const kind = classOfLeaf(name, content);
      if (kind !== null) found.push([`<${shownKey(name)}>`, kind]);
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

/** What the leaf's name says where its value does not say otherwise, else what the value says. */
function classOfLeaf(name: string, value: string): DataClass | null {
  const told = classOfValue(value);
  if (told !== null && !(told === "ipAddress" && isVersionName(name))) return told;
  const named = recogniseColumnName(name, "", []);
  if (named === null || named.strength < 0.7) return null;
  return CHECKED[named.kind]?.(value) === false ? null : named.kind;
}

/** What nothing but its own form says of a value. */
function classOfValue(value: string): DataClass | null {
  if (isEmail(value)) return "email";
  if (isIban(value)) return "iban";
  if (isCardNumber(value)) return "cardNumber";
  if (isIssuedSecret(value)) return "secret";
  if (isPasswordHash(value)) return "passwordHash";
  if (isIpAddress(value)) return "ipAddress";
  if (/^\+\d/.test(value) && hasFormOfPhone(value)) return "phone";
  return null;
}

const CHECKED: Readonly<Partial<Record<DataClass, (value: string) => boolean>>> = {
  email: isEmail,
  iban: isIban,
  ipAddress: isIpAddress,
  phone: hasFormOfPhone,
  cardNumber: (value) => /\d{4}/.test(value),
};

/** A key may be shown where each of its words is one of the lists of column names; any other may be a person's name or number: `jane_email`. */
function shownKey(key: string): string {
  return key.length <= 40 && /^[A-Za-z][A-Za-z_]*$/.test(key) && isMadeOfKnownWords(key) ? key : "*";
}
