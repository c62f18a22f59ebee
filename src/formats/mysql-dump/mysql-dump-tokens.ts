import type { DumpPlace } from "./mysql-dump-place.ts";
import {
  Byte,
  type DumpStatement,
  INCOMPLETE,
  type Incomplete,
  isSpace,
  isWordByte,
  type LexRules,
  type Token,
} from "./mysql-dump-token.ts";

/** What MariaDB's dumps begin with: the client's own command, which forbids it to run others. */
const SANDBOX = Buffer.from("/*M!999999\\- enable the sandbox mode */");
const MARKS = new Set(Buffer.from("(),.;:=@+-*/<>!%&|^~"));
/** Every server that is in use runs what is marked with a lower version: MariaDB skips MySQL's from 5.7 on. */
const UNCERTAIN_FROM = 50_700;
/** Rows that somebody took out of the dump by making a comment of them would pass every mask. */
const ROWS_IN_COMMENT = /\b(?:insert|replace)\b[\s\S]*\bvalues?\b/i;

/** Reads tokens as the client and every server read them; where they would not agree, it refuses. */
export class TokenReader {
  position: number;
  readonly #bytes: Buffer;
  readonly #to: number;
  readonly #isLast: boolean;
  readonly #rules: LexRules;
  readonly #place: DumpPlace;
  #conditional: "none" | "certain" | "uncertain" = "none";

  /** Reads `bytes[from, to)`; `isLast` where nothing comes behind. */
  constructor(bytes: Buffer, from: number, to: number, isLast: boolean, rules: LexRules, place: DumpPlace) {
    this.#bytes = bytes;
    this.position = from;
    this.#to = to;
    this.#isLast = isLast;
    this.#rules = rules;
    this.#place = place;
  }

  /** Whether the reader stands within a comment that servers run. */
  get isInConditional(): boolean {
    return this.#conditional !== "none";
  }

  /** Moves over spaces and comments. False where one goes on behind what is there. */
  skipBlanks(): boolean {
    const bytes = this.#bytes;
    for (;;) {
      while (this.position < this.#to && isSpace(bytes[this.position])) this.position++;
      const at = this.position;
      if (at >= this.#to) return true;
      const byte = bytes[at]!;
      // What a comment starts with may be cut off.
      if ((byte === Byte.slash || byte === Byte.minus) && at + SANDBOX.length > this.#to && !this.#isLast) return false;
      if (byte === Byte.hash) {
        if (!this.#skipLine()) return false;
      } else if (byte === Byte.minus && bytes[at + 1] === Byte.minus) {
        const behind = at + 2 < this.#to ? bytes[at + 2]! : Byte.newline;
        if (isSpace(behind)) {
          if (!this.#skipLine()) return false;
        } else if (behind < Byte.space) this.#refuse(at, "has what is a comment to some readers alone");
        else return true;
      } else if (byte === Byte.slash && bytes[at + 1] === Byte.star) {
        if (this.#startsWith(SANDBOX)) {
          this.position += SANDBOX.length;
          continue;
        }
        if (this.#isConditionalStart(at)) return true;
        if (this.#conditional === "uncertain") this.#refuse(at, "has a comment in a comment that some servers skip");
        const end = bytes.indexOf("*/", at + 2);
        if (end < 0 || end + 2 > this.#to) return this.#unlessLast(at, "breaks off in a comment");
        this.#refuseRows(at, end);
        this.position = end + 2;
      } else return true;
    }
  }

  /** The next token; null where the statement's delimiter was, with the position behind it. */
  next(): Token | null | Incomplete {
    const bytes = this.#bytes;
    for (;;) {
      if (!this.skipBlanks()) return INCOMPLETE;
      const at = this.position;
      // Whatever may go on behind what is there is waited for: a delimiter of two characters is the longest mark.
      if (at + 2 > this.#to && !this.#isLast) return INCOMPLETE;
      if (at >= this.#to) return INCOMPLETE;
      const byte = bytes[at]!;
      if (this.#isDelimiter(at)) {
        if (this.#conditional !== "none") this.#refuse(at, "has a statement that ends within a comment");
        this.position += this.#rules.delimiter.length;
        return null;
      }
      if (byte === Byte.slash && bytes[at + 1] === Byte.star) this.#openConditional(at);
      else if (byte === Byte.star && bytes[at + 1] === Byte.slash && this.#conditional !== "none") {
        this.#conditional = "none";
        this.position += 2;
      } else return this.#token(at, byte);
    }
  }

  #token(at: number, byte: number): Token | Incomplete {
    if (byte === Byte.quote) return this.#quoted(at, byte, "string");
    if (byte === Byte.doubleQuote) return this.#quoted(at, byte, this.#rules.ansiQuotes ? "name" : "string");
    if (byte === Byte.backtick) return this.#quoted(at, byte, "name");
    if (isWordByte(byte)) return this.#word(at);
    if (!MARKS.has(byte))
      this.#refuse(at, byte === Byte.backslash ? "has a command of the client" : "has a character that no statement has");
    this.position++;
    return this.#made("mark", at, this.position, String.fromCharCode(byte));
  }

  #word(at: number): Token | Incomplete {
    const bytes = this.#bytes;
    const mayEnd = this.#rules.delimiter.charCodeAt(0) === Byte.dollar;
    let end = at;
    while (end < this.#to && isWordByte(bytes[end]!) && !(mayEnd && this.#isDelimiter(end))) end++;
    if (end >= this.#to && !this.#isLast) return INCOMPLETE;
    const text = bytes.toString("utf8", at, end);
    // The client takes this for its own command wherever it stands.
    if (/delimiter$/i.test(text) && isSpace(bytes[end])) this.#refuse(at, "has a command of the client");
    this.position = end;
    return this.#made("word", at, end, text);
  }

  #quoted(at: number, quote: number, type: "string" | "name"): Token | Incomplete {
    const bytes = this.#bytes;
    const escapes = type === "string" && this.#rules.backslashes;
    let end = at + 1;
    for (; ; end++) {
      if (end >= this.#to) return this.#isLast ? this.#refuse(at, "breaks off in a text or name") : INCOMPLETE;
      const byte = bytes[end]!;
      if (byte === Byte.backslash && escapes) end++;
      else if (byte === Byte.backslash && quote === Byte.doubleQuote)
        this.#refuse(at, "has a name that clients read in several ways");
      else if (byte === quote) {
        if (bytes[end + 1] === quote && end + 1 < this.#to) end++;
        else if (end + 1 >= this.#to && !this.#isLast) return INCOMPLETE;
        else break;
      }
    }
    this.position = end + 1;
    const text = bytes.toString("utf8", at, end + 1);
    // A server that skips the comment looks for its end in texts as well.
    if (this.#conditional === "uncertain" && text.includes("*/"))
      this.#refuse(at, "has a comment that ends in a text to some servers");
    if (type === "string") return this.#made(type, at, end + 1, text);
    const mark = String.fromCharCode(quote);
    return this.#made(type, at, end + 1, text.slice(1, -1).replaceAll(mark + mark, mark));
  }

  #made(type: Token["type"], start: number, end: number, text: string): Token {
    return { type, start, end, text, isConditional: this.#conditional === "uncertain" };
  }

  #isConditionalStart(at: number): boolean {
    const bytes = this.#bytes;
    return bytes[at + 2] === Byte.bang || (bytes[at + 2] === Byte.upperM && bytes[at + 3] === Byte.bang);
  }

  #openConditional(at: number): void {
    if (this.#conditional !== "none") this.#refuse(at, "has a comment within a comment that servers run");
    const isMariaDb = this.#bytes[at + 2] === Byte.upperM;
    const from = at + (isMariaDb ? 4 : 3);
    const [digits] = /^\d*/.exec(this.#bytes.toString("latin1", from, Math.min(from + 8, this.#to)))!;
    if (![0, 5, 6].includes(digits.length)) this.#refuse(at, "has a comment for no version of a server");
    this.#conditional = isMariaDb || Number(digits) >= UNCERTAIN_FROM ? "uncertain" : "certain";
    this.position = from + digits.length;
  }

  #isDelimiter(at: number): boolean {
    const { delimiter } = this.#rules;
    for (let index = 0; index < delimiter.length; index++) {
      if (at + index >= this.#to || this.#bytes[at + index] !== delimiter.charCodeAt(index)) return false;
    }
    return true;
  }

  #startsWith(text: Buffer): boolean {
    const { position } = this;
    return (
      position + text.length <= this.#to && this.#bytes.compare(text, 0, text.length, position, position + text.length) === 0
    );
  }

  #skipLine(): boolean {
    const end = this.#bytes.indexOf(Byte.newline, this.position);
    const isThere = end >= 0 && end < this.#to;
    if (!isThere && !this.#isLast) return false;
    this.#refuseRows(this.position, isThere ? end : this.#to);
    this.position = isThere ? end + 1 : this.#to;
    return true;
  }

  #refuseRows(from: number, to: number): void {
    if (ROWS_IN_COMMENT.test(this.#bytes.toString("latin1", from, to))) this.#refuse(from, "has rows in a comment");
  }

  #unlessLast(at: number, what: string): false {
    if (this.#isLast) this.#refuse(at, what);
    return false;
  }

  #refuse(at: number, what: string): never {
    throw this.#place.invalid(this.#bytes, at, what);
  }
}

/** Reads the statement that begins at `from`. Its client-side delimiter is not among the tokens. */
export function readStatement(reader: TokenReader, first: Token | null): DumpStatement | Incomplete {
  const tokens: Token[] = first === null ? [] : [first];
  for (;;) {
    const token = reader.next();
    if (token === INCOMPLETE) return INCOMPLETE;
    if (token === null) break;
    tokens.push(token);
  }
  return { tokens, start: tokens[0]?.start ?? reader.position, end: reader.position };
}
