import { MEMBER } from "./json-path.ts";
import type { PathState } from "./path-states.ts";

/** What a scanner tells of a value's leaves: `from` to `to` are the whole of it, `s:3:"Bob";`. False ends the scan. */
export interface PhpListener {
  leaf(type: "s" | "i" | "d" | "b", text: string, state: PathState, from: number, to: number): boolean;
  name(text: string, state: PathState, from: number, to: number): boolean;
}

const SCALAR = /([idb]):(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|-?INF|NAN);/y;
/** A null, a reference to what stood before, a case of an enumeration. */
const OPAQUE = /N;|[rR]:\d+;|E:\d+:"[\w\\]+:\w+";/y;
const STRING = /s:(\d+):"/y;
const OPEN = /(?:a|O:\d+:"[\w\\\u0080-\uffff]+"):(\d+):\{/y;

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

  #take(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found !== null) this.#at = pattern.lastIndex;
    return found;
  }

  #value(state: PathState, depth: number): boolean {
    const from = this.#at;
    const scalar = this.#take(SCALAR);
    if (scalar !== null) return this.#listener.leaf(scalar[1] as "i" | "d" | "b", scalar[2]!, state, from, this.#at);
    const string = this.#string();
    if (string !== undefined) return this.#listener.leaf("s", string, state, from, this.#at);
    if (this.#take(OPAQUE) !== null) return true;
    const count = this.#take(OPEN)?.[1];
    if (count === undefined || depth >= DEEPEST) return false;
    for (let member = 0; member < Number(count); member++) if (!this.#member(state, depth)) return false;
    return this.#take(/\}/y) !== null;
  }

  #member(state: PathState, depth: number): boolean {
    const from = this.#at;
    const name = this.#string() ?? this.#take(/i:(-?\d+);/y)?.[1];
    if (name === undefined) return false;
    // A property that is private or protected has the class, or a star, before its name.
    const child = state.child(MEMBER, name.slice(name.lastIndexOf("\0") + 1));
    if (!state.isLast && child.namePath >= 0 && !this.#listener.name(name, child, from, this.#at)) return false;
    return this.#value(child, depth + 1);
  }

  #string(): string | undefined {
    const from = this.#at;
    const length = this.#take(STRING)?.[1];
    if (length === undefined) return undefined;
    const end = endOfBytes(this.#text, this.#at, Number(length));
    const text = this.#text.slice(this.#at, end);
    this.#at = end + 2;
    if (this.#text.startsWith('";', end)) return text;
    this.#at = from;
    return undefined;
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
