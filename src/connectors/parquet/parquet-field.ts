import type { SchemaElement, SchemaTree } from "hyparquet";
import type { Column, ColumnKind } from "../../contracts.ts";
import { leafOf, type Physical, string } from "./parquet-leaf.ts";

/** Cells of a column as its file holds them. */
export type Raw = Physical | readonly Raw[] | { readonly [name: string]: Raw | null } | null | undefined;

/** How the cells of a column, or of a part of one, are read and written. */
export interface Field {
  readonly kind: ColumnKind;
  readonly type: string;
  readonly range: Column["range"];
  readonly isOrdered: boolean;
  /** Whether it can be written again as it is. */
  readonly isWritable: boolean;
  /** Makes what the writer takes of what the reader gives; absent where that is the same. */
  readonly reshape?: ((raw: Raw) => Raw) | undefined;
  /** Undefined for bytes that are no text. */
  text(raw: Raw): string | undefined;
  /** Undefined for what does not fit. */
  raw(text: string): Raw;
  /** As a part of a document. */
  json(raw: Raw): string | undefined;
  /** Of a part of a document in which every number is a string. Undefined for what does not fit. */
  fromJson(part: unknown): Raw;
}

/** The field at a place of the schema. `as` is what a caller says of a leaf of bytes. */
export function fieldOf(node: SchemaTree, as?: ColumnKind): Field {
  const field = node.children.length === 0 ? leafField(node.element, as) : groupField(node);
  return node.element.repetition_type === "REPEATED" ? repeated(field) : field;
}

function leafField(element: SchemaElement, as: ColumnKind | undefined): Field {
  const isText = element.type === "BYTE_ARRAY" && (as === "text" || as === "json");
  const leaf = isText ? string(as, element.converted_type === undefined ? "binary" : leafOf(element).type) : leafOf(element);
  const value = (part: unknown) => (typeof part === "string" || typeof part === "boolean" ? leaf.value(String(part)) : undefined);
  return {
    ...leaf,
    kind: as ?? leaf.kind,
    isWritable: true,
    text: (raw) => leaf.text(raw as Physical),
    raw: (text) => leaf.value(text),
    json: (raw) => {
      const text = leaf.text(raw as Physical);
      const isBare = leaf.kind === "boolean" || (leaf.isNumber === true && /\d$/.test(text!));
      return text === undefined || isBare ? text : JSON.stringify(text);
    },
    fromJson: value,
  };
}

/** A group is a document, whole or in part. */
function document(parts: Pick<Field, "type" | "isWritable" | "json" | "fromJson" | "reshape">): Field {
  return {
    ...parts,
    ...{ kind: "json", range: null, isOrdered: false },
    text: parts.json,
    raw: (text) => {
      try {
        return parts.fromJson(JSON.parse(withNumbersQuoted(text)));
      } catch {
        return undefined;
      }
    },
  };
}

/** JSON.parse would round what has more digits than a double. */
const withNumbersQuoted = (text: string): string =>
  text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) => (token.startsWith('"') ? token : `"${token}"`));

function groupField(node: SchemaTree): Field {
  const { converted_type: converted } = node.element;
  const [first] = node.children;
  if (converted === "LIST" && node.children.length === 1 && first!.element.repetition_type === "REPEATED") {
    const isThreeLevels = first!.children.length === 1;
    const item = isThreeLevels ? first!.children[0]! : first!;
    const list = listOf(item.children.length === 0 ? leafField(item.element, undefined) : groupField(item));
    return { ...list, isWritable: list.isWritable && isThreeLevels };
  }
  if (converted === "MAP" && node.children.length === 1 && first!.children.length === 2) return mapOf(first!);
  return structOf(node);
}

function listOf(item: Field): Field {
  return document({
    type: `list<${item.type}>`,
    isWritable: item.isWritable,
    reshape: item.reshape && ((raw) => (raw as readonly Raw[]).map((one) => reshaped(one, item))),
    json: (raw) => {
      const parts = (raw as readonly Raw[]).map((one) => (isNothing(one) ? "null" : item.json(one)));
      return parts.includes(undefined) ? undefined : `[${parts.join(",")}]`;
    },
    fromJson: (part) => {
      if (!Array.isArray(part)) return undefined;
      const items = part.map((one) => (one === null ? null : item.fromJson(one)));
      return items.includes(undefined) ? undefined : items;
    },
  });
}

/** A repeated field that is in no list. It can be read, and not be written. */
const repeated = (item: Field): Field => ({ ...listOf(item), isWritable: false });

function structOf({ children }: SchemaTree): Field {
  const fields = children.map((child) => [child.element.name, fieldOf(child)] as const);
  return document({
    type: `struct<${fields.map(([name, { type }]) => `${name}: ${type}`).join(", ")}>`,
    isWritable: fields.every(([, field]) => field.isWritable),
    reshape: fields.some(([, field]) => field.reshape !== undefined)
      ? (raw) => Object.fromEntries(fields.map(([name, field]) => [name, reshaped((raw as Record<string, Raw>)[name], field)]))
      : undefined,
    json: (raw) => {
      const parts: string[] = [];
      for (const [name, field] of fields) {
        const value = (raw as Record<string, Raw>)[name];
        const part = isNothing(value) ? "null" : field.json(value);
        if (part === undefined) return undefined;
        parts.push(`${JSON.stringify(name)}:${part}`);
      }
      return `{${parts.join(",")}}`;
    },
    fromJson: (part) => {
      if (typeof part !== "object" || part === null || Array.isArray(part)) return undefined;
      if (Object.keys(part).some((name) => !fields.some(([known]) => known === name))) return undefined;
      const struct: Record<string, Raw | null> = {};
      for (const [name, field] of fields) {
        const value = (part as Record<string, unknown>)[name] ?? null;
        const raw = value === null ? null : field.fromJson(value);
        if (raw === undefined) return undefined;
        struct[name] = raw;
      }
      return struct;
    },
  });
}

/** Entries in their order, keys of any type and twice where they are twice. The reader gives a struct with one repeated member, the writer takes a list. */
function mapOf(entries: SchemaTree): Field {
  const entry = structOf(entries);
  const list = listOf(entry);
  const { name } = entries.element;
  return {
    ...list,
    type: list.type.replace(/^list<struct<(.*)>>$/s, "map<$1>"),
    isWritable: list.isWritable && entries.children[0]!.element.name === "key" && entries.children[1]!.element.name === "value",
    reshape: (raw) => ((raw as Record<string, readonly Raw[]>)[name] ?? []).map((one) => reshaped(one, entry)),
  };
}

/** What the writer takes of a value, or a part of one, that the reader gave. */
export const reshaped = (raw: Raw, { reshape }: Field): Raw | null =>
  isNothing(raw) ? null : reshape === undefined ? raw : reshape(raw);

const isNothing = (raw: Raw): raw is null | undefined => raw === null || raw === undefined;
