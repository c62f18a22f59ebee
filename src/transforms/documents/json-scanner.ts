import { ITEM, MEMBER } from "./json-path.ts";
import type { PathState } from "./path-states.ts";

/** What a scanner tells of a document's leaves. False ends the scan. */
export interface JsonListener {
  /** `from` to `to` are the literal with its quotes. */
  leaf(kind: "text" | "number" | "boolean", state: PathState, from: number, to: number): boolean;
  /** The name of a member that a path leads to. */
  name(state: PathState, from: number, to: number): boolean;
}

/** Objects and lists within each other. */
const DEEPEST = 2000;

const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][-+]?\d+)?/y;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Walks a JSON text (RFC 8259) and tells of its leaves, in order. Nothing is converted: a number of 20 digits is a place from here to there. */
export class JsonScanner {
  readonly #root: PathState;
  readonly #listener: JsonListener;
  #text = "";
  #at = 0;
  #depth = 0;

  constructor(root: PathState, listener: JsonListener) {
    this.#root = root;
    this.#listener = listener;
  }

  /** Whether the text is JSON, and the listener has heard all of it. */
  scan(text: string): boolean {
    this.#text = text;
    this.#at = 0;
    this.#depth = 0;
    this.#skipSpace();
    if (!this.#value(this.#root)) return false;
    this.#skipSpace();
    return this.#at === text.length;
  }

  #value(state: PathState): boolean {
    const from = this.#at;
    switch (this.#text.charCodeAt(from)) {
      case 0x7b:
        return this.#object(state);
      case 0x5b:
        return this.#list(state);
      case QUOTE:
        return this.#string() && this.#listener.leaf("text", state, from, this.#at);
      case 0x74:
        return this.#word("true") && this.#listener.leaf("boolean", state, from, this.#at);
      case 0x66:
        return this.#word("false") && this.#listener.leaf("boolean", state, from, this.#at);
      case 0x6e:
        return this.#word("null");
      default:
        NUMBER.lastIndex = from;
        if (!NUMBER.test(this.#text)) return false;
        this.#at = NUMBER.lastIndex;
        return this.#listener.leaf("number", state, from, this.#at);
    }
  }

  #object(state: PathState): boolean {
    if (++this.#depth > DEEPEST) return false;
    this.#at++;
    this.#skipSpace();
    if (this.#take(0x7d)) return this.#leave();
    do {
      this.#skipSpace();
      if (!this.#member(state)) return false;
      this.#skipSpace();
    } while (this.#take(0x2c));
    return this.#take(0x7d) && this.#leave();
  }

  #member(state: PathState): boolean {
    const from = this.#at;
    if (this.#text.charCodeAt(from) !== QUOTE || !this.#string()) return false;
    const to = this.#at;
    let child = state;
    if (!state.isLast) {
      child = state.child(MEMBER, textOfString(this.#text, from, to));
      if (child.namePath >= 0 && !this.#listener.name(child, from, to)) return false;
    }
    this.#skipSpace();
    if (!this.#take(0x3a)) return false;
    this.#skipSpace();
    return this.#value(child);
  }

  #list(state: PathState): boolean {
    if (++this.#depth > DEEPEST) return false;
    this.#at++;
    this.#skipSpace();
    if (this.#take(0x5d)) return this.#leave();
    let index = 0;
    do {
      this.#skipSpace();
      if (!this.#value(state.isLast ? state : state.child(ITEM, index++))) return false;
      this.#skipSpace();
    } while (this.#take(0x2c));
    return this.#take(0x5d) && this.#leave();
  }

  #leave(): boolean {
    this.#depth--;
    return true;
  }

  #string(): boolean {
    const text = this.#text;
    for (let at = this.#at + 1; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === QUOTE) {
        this.#at = at + 1;
        return true;
      }
      if (code < 0x20) return false;
      if (code !== BACKSLASH) continue;
      ESCAPE.lastIndex = at;
      if (!ESCAPE.test(text)) return false;
      at = ESCAPE.lastIndex - 1;
    }
    return false;
  }

  #word(word: string): boolean {
    if (!this.#text.startsWith(word, this.#at)) return false;
    this.#at += word.length;
    return true;
  }

  #take(code: number): boolean {
    if (this.#text.charCodeAt(this.#at) !== code) return false;
    this.#at++;
    return true;
  }

  #skipSpace(): void {
    for (;;) {
      const code = this.#text.charCodeAt(this.#at);
      if (code !== 0x20 && code !== 0x0a && code !== 0x0d && code !== 0x09) return;
      this.#at++;
    }
  }
}

const ESCAPE = /\\(?:["\\/bfnrt]|u[\da-fA-F]{4})/y;

/** What a string literal stands for. */
export function textOfString(text: string, from: number, to: number): string {
  const within = text.slice(from + 1, to - 1);
  return within.includes("\\") ? JSON.parse(text.slice(from, to)) : within;
}
