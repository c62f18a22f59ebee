import type { DataClass } from "./data-classes.ts";
import { isCardNumber } from "./recognise-card.ts";
import { recogniseColumnName } from "./recognise-column-name.ts";
import { isEmail } from "./recognise-email.ts";
import { isIban } from "./recognise-iban.ts";
import { isIpAddress } from "./recognise-network-address.ts";
import { hasFormOfPhone } from "./recognise-phone.ts";
import { isIssuedSecret, isPasswordHash } from "./recognise-secret.ts";
import { type Recogniser, shareOf } from "./recogniser.ts";

/** Deeper, and beyond so many leaves, a document is not looked into. */
const MAX_DEPTH = 12;
const MAX_LEAVES = 400;
/** Paths that the reason names. */
const NAMED_PATHS = 4;

/** The classes of a document's leaves by the names on the way to them. A name that no list knows is never shown: it may be somebody's. */
export type PathClasses = ReadonlyMap<string, DataClass>;

/** JSON objects and XML elements whose leaves are personal, by their names and values. */
export const recogniseDocument: Recogniser = {
  kind: "document",
  accepts: ["json", "xml", "text"],
  measure: (values) => {
    const documents = values.flatMap((value) => parsed(value) ?? []);
    const share = values.length === 0 ? 0 : documents.length / values.length;
    if (share < 0.3) return { kind: "document", share, alone: 0, support: 0.3, isNeeded: false, says: "are no documents" };
    const paths = new Map<string, DataClass>();
    for (const document of documents) for (const [path, kind] of classesIn(document)) paths.set(path, kind);
    if (paths.size === 0) return { kind: "document", share, alone: 0, support: 0.3, isNeeded: false, says: "are documents" };
    const shown = [...paths].slice(0, NAMED_PATHS).map(([path, kind]) => `${kind} at ${path}`);
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
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return undefined;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

const OPEN_TAG = 0x3c;
const OPEN_BRACE = 0x7b;
const OPEN_BRACKET = 0x5b;

/** Elements and attributes with text in them, by name: what a look at the text tells, without a parser. */
function leavesOfXml(text: string): readonly (readonly [string, string])[] {
  const elements = text.matchAll(/<(?:[\w-]{1,40}:)?([\p{L}_][\w.-]{0,60})(?:\s[^<>]{0,500})?>([^<>]{1,500})</gu);
  const attributes = text.matchAll(/\s([\p{L}_][\w.-]{0,60})="([^"<>]{1,500})"/gu);
  return [...elements, ...attributes].slice(0, MAX_LEAVES).map(([, name, content]) => [name!, content!] as const);
}

function classesIn(document: unknown): PathClasses {
  const found = new Map<string, DataClass>();
  let leaves = 0;
  const walk = (node: unknown, name: string, path: readonly string[]): void => {
    if (leaves > MAX_LEAVES || path.length > MAX_DEPTH) return;
    if (Array.isArray(node)) {
      for (const item of node.slice(0, 50)) walk(item, name, [...path, "[]"]);
    } else if (typeof node === "object" && node !== null) {
      const keys = Object.keys(node);
      for (const key of keys.slice(0, MAX_LEAVES)) walk((node as Record<string, unknown>)[key], key, [...path, shownKey(key)]);
    } else if (node !== null && node !== "" && typeof node !== "boolean") {
      leaves++;
      const kind = classOfLeaf(name, String(node).slice(0, 2000));
      if (kind !== null) found.set(["$", ...path].join(".").replaceAll(".[]", "[]"), kind);
    }
  };
  if (typeof document === "object" && document !== null && "xml" in document && Array.isArray(document.xml)) {
    for (const [name, content] of document.xml as [string, string][]) {
      const kind = classOfLeaf(name, content);
      if (kind !== null) found.set(`<${shownKey(name)}>`, kind);
    }
  } else walk(document, "", []);
  return found;
}

/** What the leaf's name says where its value does not say otherwise, else what the value says. */
function classOfLeaf(name: string, value: string): DataClass | null {
  if (isEmail(value)) return "email";
  if (isIban(value)) return "iban";
  if (isCardNumber(value)) return "cardNumber";
  if (isIssuedSecret(value)) return "secret";
  if (isPasswordHash(value)) return "passwordHash";
  if (isIpAddress(value)) return "ipAddress";
  if (/^\+\d/.test(value) && hasFormOfPhone(value)) return "phone";
  const named = recogniseColumnName(name, "", []);
  if (named === null || named.strength < 0.7) return null;
  return CHECKED[named.kind]?.(value) === false ? null : named.kind;
}

const CHECKED: Readonly<Partial<Record<DataClass, (value: string) => boolean>>> = {
  email: isEmail,
  iban: isIban,
  ipAddress: isIpAddress,
  phone: hasFormOfPhone,
  cardNumber: (value) => /\d{4}/.test(value),
};

/** A key that the lists of column names know may be shown; any other may be a person's name or number. */
function shownKey(key: string): string {
  return key.length <= 40 && /^[A-Za-z][A-Za-z_]*$/.test(key) && recogniseColumnName(key, "", []) !== null ? key : "*";
}

/** Whether most values are documents at all. */
export function areDocuments(values: readonly string[]): boolean {
  return shareOf(values, (value) => /^[{[<]/.test(value)) > 0.5;
}
