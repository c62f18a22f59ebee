import type { PathState } from "./path-states.ts";
import { ATTRIBUTE, ELEMENT } from "./xml-path.ts";

/** What stands in a place of an XML text. */
export type XmlLeaf = "text" | "cdata" | "attribute" | "comment" | "instruction";

/** Is told of a leaf that is not blank, without the spaces around it. `path` is the one whose rule masks it, -1 for none. False ends the scan. */
export type OnXmlLeaf = (kind: XmlLeaf, path: number, from: number, to: number) => boolean;

const NAME = "[\\p{L}_:][\\p{L}\\p{N}_:.\\u00b7-]*";
const OPEN = new RegExp(`<(${NAME})`, "uy");
const CLOSE = new RegExp(`</(${NAME})\\s*>`, "uy");
const ATTRIBUTE_TEXT = new RegExp(`\\s+(${NAME})\\s*=\\s*("[^"<]*"|'[^'<]*')`, "uy");
const END_OF_TAG = /\s*(\/?)>/y;
const INSTRUCTION = new RegExp(`<\\?(${NAME})`, "uy");
/** One without a subset of its own: entities that it would declare are not expanded here, and could hold anything. */
const DOCTYPE = /<!DOCTYPE\s[^[\]<>]*>/y;

/** Walks an XML text, a document or a fragment of one (XML 1.0), and tells of its leaves, in order. False where it is none. */
export function scanXml(text: string, root: PathState, onLeaf: OnXmlLeaf): boolean {
  const open: { readonly name: string; readonly state: PathState }[] = [];
  let state = root;
  let at = 0;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(text);
    if (found !== null) at = pattern.lastIndex;
    return found;
  };
  /** Tells of what stands up to an ending, and goes behind that. */
  const upTo = (ending: string, kind: XmlLeaf): boolean => {
    const from = at;
    const end = text.indexOf(ending, from);
    if (end < 0) return false;
    at = end + ending.length;
    return tell(kind, state.path, from, end);
  };
  const tell = (kind: XmlLeaf, path: number, from: number, to: number): boolean => {
    const whole = text.slice(from, to);
    const trimmed = whole.trim();
    if (trimmed === "") return true;
    const start = from + whole.indexOf(trimmed);
    return onLeaf(kind, path, start, start + trimmed.length);
  };
  const element = (name: string): boolean => {
    const child = state.isLast ? state : state.child(ELEMENT, name);
    for (let found = take(ATTRIBUTE_TEXT); found !== null; found = take(ATTRIBUTE_TEXT)) {
      const [, key, value] = found;
      // The names of spaces are names, and no values.
      if (/^xmlns(?::|$)/.test(key!)) continue;
      if (!tell("attribute", child.isLast ? -1 : child.child(ATTRIBUTE, key!).path, at - value!.length + 1, at - 1)) return false;
    }
    const end = take(END_OF_TAG);
    if (end === null) return false;
    if (end[1] === "/") return true;
    open.push({ name, state });
    state = child;
    return true;
  };
  const markup = (): boolean => {
    if (text.startsWith("<!--", at)) {
      at += 4;
      return upTo("-->", "comment");
    }
    if (text.startsWith("<![CDATA[", at)) {
      at += 9;
      return upTo("]]>", "cdata");
    }
    const isFirst = at === 0;
    const target = take(INSTRUCTION)?.[1];
    if (target !== undefined) {
      if (target !== "xml") return upTo("?>", "instruction");
      at = text.indexOf("?>", at) + 2;
      return isFirst && at > 1;
    }
    const closed = take(CLOSE)?.[1];
    if (closed !== undefined) {
      const left = open.pop();
      state = left?.state ?? state;
      return left?.name === closed;
    }
    const opened = take(OPEN)?.[1];
    return opened === undefined ? open.length === 0 && take(DOCTYPE) !== null : element(opened);
  };
  while (at < text.length) {
    if (text[at] === "<") {
      if (!markup()) return false;
      continue;
    }
    const next = text.indexOf("<", at);
    const from = at;
    at = next < 0 ? text.length : next;
    if (!tell("text", state.path, from, at)) return false;
  }
  return open.length === 0;
}
