import { type Filter, filterOf } from "./template-filters.ts";

/** What stands between the braces of a template. */
export interface TemplateSlot {
  /** The value to mask itself, another column as it was, or as it leaves. */
  readonly from: "value" | "original" | "masked";
  /** Empty for the value itself. */
  readonly column: string;
  readonly filters: readonly Filter[];
}

export type TemplatePart = string | TemplateSlot;

/** A template in its parts, or why it is none. */
export type ReadTemplate = { readonly parts: readonly TemplatePart[] } | { readonly problem: string };

const SLOT = /\{\{((?:"[^"]*"|[^"{}])*)\}\}/y;

/** Reads `{{masked.first_name}}.{{original.last_name | lower | first 3}}@example.com`. */
export function readTemplate(text: string): ReadTemplate {
  const parts: TemplatePart[] = [];
  let from = 0;
  for (let at = text.indexOf("{{"); at >= 0; at = text.indexOf("{{", from)) {
    SLOT.lastIndex = at;
    const [whole, inside] = SLOT.exec(text) ?? [];
    if (whole === undefined) return { problem: `has braces at character ${at + 1} that do not close` };
    const slot = readSlot(inside!);
    if (typeof slot === "string") return { problem: `${slot} (at character ${at + 1})` };
    if (at > from) parts.push(text.slice(from, at));
    parts.push(slot);
    from = at + whole.length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts.some((part) => typeof part !== "string")
    ? { parts }
    : { problem: "names no column: use constant for a text alone" };
}

function readSlot(inside: string): TemplateSlot | string {
  const [subject, ...calls] = splitOutsideQuotes(inside);
  const [, from, column] = /^(masked|original)\.(\S(?:.*\S)?)$/.exec(subject!) ?? [];
  if (subject !== "value" && column === undefined)
    return "has braces that hold none of masked.<column>, original.<column> and value";
  const filters: Filter[] = [];
  for (const call of calls) {
    const filter = filterOf(call);
    if (typeof filter === "string") return filter;
    filters.push(filter);
  }
  return { from: (from as "masked" | "original" | undefined) ?? "value", column: column ?? "", filters };
}

function splitOutsideQuotes(text: string): readonly string[] {
  return (text.match(/(?:"[^"]*"|[^"|])+/g) ?? [""]).map((part) => part.trim());
}
