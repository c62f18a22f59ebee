import type { PathState } from "./path-states.ts";
import { ATTRIBUTE, ELEMENT, XML_NAME } from "./xml-path.ts";

/** What stands in a place of an XML text. */
export type XmlLeaf = "text" | "cdata" | "attribute" | "comment" | "instruction";

/** Is told of a leaf that is not blank, without the spaces around it. `path` is the one whose rule masks it, -1 for none. False ends the scan. */
export type OnXmlLeaf = (kind: XmlLeaf, path: number, from: number, to: number) => boolean;

const NAME = new RegExp(XML_NAME, "uy");
/** One without a subset of its own: entities that it would declare are not expanded here, and could hold anything. */
const DOCTYPE = /<!DOCTYPE\s[^[\]<>]*>/y;

const LESS = 0x3c;
const SLASH = 0x2f;
const MORE = 0x3e;
const EQUALS = 0x3d;

const isSpace = (code: number): boolean => code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;

/** Walks an XML text, a document or a fragment of one (XML 1.0), and tells of its leaves, in order. */
export class XmlScanner {
  readonly #root: PathState;
  readonly #onLeaf: OnXmlLeaf;
  readonly #open: { readonly name: string; readonly state: PathState }[] = [];
  #state: PathState;
  #text = "";
  #at = 0;

  constructor(root: PathState, onLeaf: OnXmlLeaf) {
    this.#root = root;
    this.#onLeaf = onLeaf;
    this.#state = root;
  }

  /** Whether the text is XML, and the listener has heard all of it. */
  scan(text: string): boolean {
    this.#text = text;
    this.#at = 0;
    this.#state = this.#root;
    this.#open.length = 0;
    while (this.#at < text.length) {
      if (text.charCodeAt(this.#at) === LESS) {
        if (!this.#markup()) return false;
        continue;
      }
      const from = this.#at;
      const next = text.indexOf("<", from);
      this.#at = next < 0 ? text.length : next;
      if (!this.#tell("text", this.#state.path, from, this.#at)) return false;
    }
    return this.#open.length === 0;
  }

  #markup(): boolean {
    const from = this.#at;
    switch (this.#text[from + 1]) {
      case "!":
        if (this.#text.startsWith("<!--", from)) return this.#upTo("-->", from + 4, "comment");
        if (this.#text.startsWith("<![CDATA[", from)) return this.#upTo("]]>", from + 9, "cdata");
        DOCTYPE.lastIndex = from;
        if (this.#open.length > 0 || !DOCTYPE.test(this.#text)) return false;
        this.#at = DOCTYPE.lastIndex;
        return true;
      case "?":
        return this.#instruction();
      case "/":
        return this.#close();
      default:
        return this.#element();
    }
  }

  #instruction(): boolean {
    const from = this.#at;
    this.#at += 2;
    const target = this.#name();
    if (target !== "xml") return target !== "" && this.#upTo("?>", this.#at, "instruction");
    const end = this.#text.indexOf("?>", this.#at);
    this.#at = end + 2;
    return from === 0 && end >= 0;
  }

  #close(): boolean {
    this.#at += 2;
    const name = this.#name();
    this.#skipSpace();
    if (!this.#take(MORE)) return false;
    const left = this.#open.pop();
    this.#state = left?.state ?? this.#state;
    return left?.name === name;
  }

  #element(): boolean {
    this.#at++;
    const name = this.#name();
    if (name === "") return false;
    const state = this.#state;
    const child = state.isLast ? state : state.child(ELEMENT, name);
    while (this.#skipSpace()) {
      const key = this.#name();
      if (key === "") break;
      if (!this.#attribute(key, child)) return false;
    }
    if (this.#take(SLASH)) return this.#take(MORE);
    this.#open.push({ name, state });
    this.#state = child;
    return this.#take(MORE);
  }

  #attribute(key: string, state: PathState): boolean {
    this.#skipSpace();
    if (!this.#take(EQUALS)) return false;
    this.#skipSpace();
    const quote = this.#text[this.#at]!;
    if (quote !== '"' && quote !== "'") return false;
    const from = this.#at + 1;
    const code = quote.charCodeAt(0);
    let to = from;
    for (; to < this.#text.length && this.#text.charCodeAt(to) !== code; to++)
      if (this.#text.charCodeAt(to) === LESS) return false;
    this.#at = to + 1;
    if (to === this.#text.length) return false;
    // The names of spaces are names, and no values.
    if (key === "xmlns" || key.startsWith("xmlns:")) return true;
    return this.#tell("attribute", state.isLast ? -1 : state.child(ATTRIBUTE, key).path, from, to);
  }

  /** Tells of what stands up to an ending, and goes behind that. */
  #upTo(ending: string, from: number, kind: XmlLeaf): boolean {
    const end = this.#text.indexOf(ending, from);
    this.#at = end + ending.length;
    return end >= 0 && this.#tell(kind, this.#state.path, from, end);
  }

  #tell(kind: XmlLeaf, path: number, from: number, to: number): boolean {
    const whole = this.#text.slice(from, to);
    const trimmed = whole.trim();
    if (trimmed === "") return true;
    const start = from + whole.indexOf(trimmed);
    return this.#onLeaf(kind, path, start, start + trimmed.length);
  }

  /** Empty where none stands here. */
  #name(): string {
    const from = this.#at;
    NAME.lastIndex = from;
    if (!NAME.test(this.#text)) return "";
    this.#at = NAME.lastIndex;
    return this.#text.slice(from, this.#at);
  }

  #take(code: number): boolean {
    if (this.#text.charCodeAt(this.#at) !== code) return false;
    this.#at++;
    return true;
  }

  /** Whether there was any. */
  #skipSpace(): boolean {
    const from = this.#at;
    while (isSpace(this.#text.charCodeAt(this.#at))) this.#at++;
    return this.#at > from;
  }
}
