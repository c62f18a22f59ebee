import { MEMBER } from "./json-path.ts";
import type { PathState } from "./path-states.ts";

/** What a scanner tells of a value's leaves: `from` to `to` are the whole of it, `s:3:"Bob";`. False ends the scan. */
export interface PhpListener {
  leaf(type: "s" | "i" | "d" | "b", text: string, state: PathState, from: number, to: number): boolean;
  name(text: string, state: PathState, from: number, to: number): boolean;
}

const SCALARS = {
  i: /^-?\d+$/,
  d: /^(?:-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|-?INF|NAN)$/,
  b: /^[01]$/,
} as const;

/** A null, a reference to what stood before, a case of an enumeration. */
const OPAQUE = /N;|[rR]:\d+;|E:\d+:"[\w\\]+:\w+";/y;
const CLASS = /O:\d+:"[\w\\\u0080-\uffff]+"/y;
const COUNT = /^\d{1,9}$/;

const DEEPEST = 500;

/** Walks what PHP's serialize() wrote and tells of its leaves, in order. Lengths count the bytes of UTF-8. */
export class PhpScanner {
  readonly #root: PathState;
  readonly #listener: PhpListener;
  #text = "";
  #at = 0;

  constructor(root: PathState, listener: PhpListener) {
    this.#root = root;
    this.#listener = listener;
  }

  scan(text: string): boolean {
    this.#text = text;
    this.#at = 0;
    return this.#value(this.#root, 0) && this.#at === text.length;
  }

  #value(state: PathState, depth: number): boolean {
    const from = this.#at;
    const type = this.#text[from];
    switch (type) {
      case "i":
      case "d":
      case "b": {
        const literal = this.#upTo(";", from + 2);
        if (literal === undefined || !SCALARS[type].test(literal)) return false;
        return this.#listener.leaf(type, literal, state, from, this.#at);
      }
      case "s": {
        const string = this.#string();
        return string !== undefined && this.#listener.leaf("s", string, state, from, this.#at);
      }
      case "a":
        return this.#members(from + 1, state, depth);
      case "O":
        return this.#take(CLASS) && this.#members(this.#at, state, depth);
      default:
        return this.#take(OPAQUE);
    }
  }

  /** `:2:{`, the members and `}`. */
  #members(from: number, state: PathState, depth: number): boolean {
    const count = this.#text[from] === ":" ? this.#upTo(":", from + 1) : undefined;
    if (count === undefined || !COUNT.test(count) || depth >= DEEPEST || this.#text[this.#at++] !== "{") return false;
    for (let member = 0; member < Number(count); member++) if (!this.#member(state, depth)) return false;
    return this.#text[this.#at++] === "}";
  }

  #member(state: PathState, depth: number): boolean {
    const from = this.#at;
    const name = this.#text[from] === "i" ? this.#upTo(";", from + 2) : this.#string();
    if (name === undefined || (this.#text[from] === "i" && !SCALARS.i.test(name))) return false;
    if (state.isLast) return this.#value(state, depth + 1);
    // A property that is private or protected has the class, or a star, before its name.
    const child = state.child(MEMBER, name.slice(name.lastIndexOf("\0") + 1));
    if (child.namePath >= 0 && !this.#listener.name(name, child, from, this.#at)) return false;
    return this.#value(child, depth + 1);
  }

  /** `s:3:"Bob";` */
  #string(): string | undefined {
    const from = this.#at;
    const length = this.#text.startsWith("s:", from) ? this.#upTo(":", from + 2) : undefined;
    if (length === undefined || !COUNT.test(length) || this.#text[this.#at] !== '"') return undefined;
    const start = this.#at + 1;
    const end = endOfBytes(this.#text, start, Number(length));
    this.#at = end + 2;
    return this.#text.startsWith('";', end) ? this.#text.slice(start, end) : undefined;
  }

  /** What stands up to a sign, which is gone behind. The sign before it must be a colon. */
  #upTo(sign: string, from: number): string | undefined {
    const end = this.#text.indexOf(sign, from);
    if (end < 0 || this.#text[from - 1] !== ":") return undefined;
    this.#at = end + 1;
    return this.#text.slice(from, end);
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    const isFound = pattern.test(this.#text);
    if (isFound) this.#at = pattern.lastIndex;
    return isFound;
  }
}

/** Where so many bytes of UTF-8 end. */
function endOfBytes(text: string, from: number, bytes: number): number {
  let at = from;
  for (let left = bytes; left > 0 && at < text.length; at++) {
    const code = text.charCodeAt(at);
    // Either half of a surrogate pair is two bytes of its four.
    left -= code < 0x80 ? 1 : code < 0x800 || (code >= 0xd800 && code < 0xe000) ? 2 : 3;
  }
  return at;
}
