import type { Token } from "./condition-tokens.ts";

/** Thrown where a condition goes beyond what is understood here. */
export class BeyondUs extends Error {}

/** Words that go on the name of a type: `character varying`, `timestamp without time zone`. */
const TYPE_WORDS = ["varying", "precision", "without", "with", "time", "zone"];

/** Walks through tokens one by one. */
export class TokenReader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  /** Where the token begins that comes next; null at the end. */
  get position(): number | null {
    return this.#tokens[this.#at]?.at ?? null;
  }

  get isAtEnd(): boolean {
    return this.#at === this.#tokens.length;
  }

  typeName(): string {
    const parts = [this.name()];
    while (this.takeSign(".")) parts.push(this.name());
    const words = [parts.at(-1)!];
    while (TYPE_WORDS.includes(this.peek("word")?.toLowerCase() ?? "")) words.push(this.name());
    if (this.takeSign("(")) while (!this.takeSign(")")) this.next();
    while (this.takeSign("[")) this.expectSign("]");
    return words.join(" ").toLowerCase();
  }

  name(): string {
    const { kind, text } = this.next();
    if (kind !== "name" && kind !== "word") this.refuse();
    return text;
  }

  next(): Token {
    const token = this.#tokens[this.#at];
    if (token === undefined) throw new BeyondUs();
    this.#at++;
    return token;
  }

  /** Goes no further, with the token that was read last as the place. */
  refuse(): never {
    this.#at--;
    throw new BeyondUs();
  }

  peek(kind: Token["kind"]): string | null {
    const token = this.#tokens[this.#at];
    return token?.kind === kind ? token.text : null;
  }

  takeWord(word: string): boolean {
    const isIt = this.peek("word")?.toLowerCase() === word;
    if (isIt) this.#at++;
    return isIt;
  }

  takeSign(sign: string): boolean {
    const isIt = this.peek("sign") === sign;
    if (isIt) this.#at++;
    return isIt;
  }

  expectSign(sign: string): void {
    if (!this.takeSign(sign)) throw new BeyondUs();
  }
}
