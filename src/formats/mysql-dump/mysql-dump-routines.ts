import type { Token } from "./mysql-dump-token.ts";

/** END of these closes no block: no BEGIN has opened them. */
const OTHER_ENDS = new Set(["IF", "LOOP", "WHILE", "REPEAT", "FOR"]);
/** What may stand behind a function's type (MySQL manual, CREATE FUNCTION). */
const TYPE_WORDS = new Set(["UNSIGNED", "SIGNED", "ZEROFILL", "BINARY", "PRECISION"]);
const NAMED_TYPE_WORDS = new Set(["CHARSET", "COLLATE", "SET"]);
/** The characteristics of a routine, word by word. No statement begins with one of them. */
const CHARACTERISTICS = new Set([
  "NOT",
  "DETERMINISTIC",
  "CONTAINS",
  "NO",
  "READS",
  "MODIFIES",
  "SQL",
  "DATA",
  "SECURITY",
  "DEFINER",
  "INVOKER",
  "IS",
  "AS",
]);

/**
 * Whether a trigger, routine or event is one statement to the server. Behind another delimiter the client sends whatever stands before it at once, and
 * servers run each statement of that: one behind a body's end would be no body, and could write rows that no mask has seen.
 */
export function isOneRoutine(tokens: readonly Token[]): boolean {
  // Where some servers skip a part, the body may have another end to them.
  if (tokens.some(({ isConditional }) => isConditional)) return false;
  const reader = new BodyReader(tokens);
  return reader.readsToTheEnd(bodyStart(tokens));
}

/** Follows blocks and CASEs, and where statements begin: BEGIN and END are keywords there, and may be names elsewhere. */
class BodyReader {
  readonly #tokens: readonly Token[];
  readonly #open: ("block" | "case" | "expression")[] = [];
  #index = 0;
  #atStatement = true;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  readsToTheEnd(from: number): boolean {
    const tokens = this.#tokens;
    for (this.#index = from; this.#index < tokens.length; this.#index++) {
      if (isMark(tokens[this.#index], ";")) {
        if (this.#open.length === 0 && this.#index < tokens.length - 1) return false;
        this.#atStatement = true;
      } else if (!this.#takes(keyword(tokens, this.#index))) return false;
    }
    return this.#open.length === 0;
  }

  /** Takes the token at the index, and what belongs to it. False where it may mean several things. */
  #takes(word: string): boolean {
    const isStart = this.#atStatement;
    const isExpression = this.#open.at(-1) === "expression";
    this.#atStatement = false;
    if (word === "CASE") this.#open.push(isStart ? "case" : "expression");
    else if (word === "END" && isExpression) this.#open.pop();
    else if (word === "END" && isStart) return this.#ends();
    else if (word === "THEN" || word === "ELSE") this.#atStatement = !isExpression;
    else if (word === "DO") {
      // A statement DO has an expression behind it, a loop's has statements.
      if (isStart) return false;
      this.#atStatement = !isExpression;
    } else if (isStart) this.#begins(word);
    return true;
  }

  #begins(word: string): void {
    if (word === "BEGIN") this.#open.push("block");
    if (word === "BEGIN" || word === "LOOP" || word === "REPEAT") this.#atStatement = true;
    else if (word === "DECLARE") this.#declares();
    else if (isMark(this.#tokens[this.#index + 1], ":") && !isMark(this.#tokens[this.#index + 2], "=")) {
      this.#index++;
      this.#atStatement = true;
    }
  }

  #ends(): boolean {
    const next = keyword(this.#tokens, this.#index + 1);
    if (OTHER_ENDS.has(next)) this.#index++;
    else if (next === "CASE") {
      this.#index++;
      return this.#open.pop() === "case";
    } else return this.#open.pop() === "block";
    return true;
  }

  /** DECLARE … HANDLER FOR conditions, and a statement behind them. */
  #declares(): void {
    if (keyword(this.#tokens, this.#index + 2) !== "HANDLER") return;
    let index = this.#index + 4;
    for (;;) {
      const word = keyword(this.#tokens, index);
      if (word === "NOT") index += 2;
      else if (word === "SQLSTATE") index += keyword(this.#tokens, index + 1) === "VALUE" ? 3 : 2;
      else index++;
      if (!isMark(this.#tokens[index], ",")) break;
      index++;
    }
    this.#index = index - 1;
    this.#atStatement = true;
  }
}

/** Where the body begins, or earlier: what is wrongly taken for a part of it has no blocks. */
function bodyStart(tokens: readonly Token[]): number {
  const isAt = (index: number, ...words: string[]) => words.every((word, ahead) => keyword(tokens, index + ahead) === word);
  for (let index = 0; index < tokens.length; index++) {
    if (isAt(index, "FOR", "EACH", "ROW")) return index + (/^(?:FOLLOWS|PRECEDES)$/.test(keyword(tokens, index + 3)) ? 5 : 3);
    if (isAt(index, "DO")) return index + 1;
    if (isMark(tokens[index], "(")) return behindCharacteristics(tokens, behindParentheses(tokens, index));
  }
  return tokens.length;
}

function behindCharacteristics(tokens: readonly Token[], from: number): number {
  let index = from;
  if (/^RETURNS?$/.test(keyword(tokens, index))) {
    index += 2;
    if (isMark(tokens[index], "(")) index = behindParentheses(tokens, index);
    for (;;) {
      const word = keyword(tokens, index);
      if (NAMED_TYPE_WORDS.has(word)) index += 2;
      else if (TYPE_WORDS.has(word) || word === "CHARACTER") index++;
      else break;
    }
  }
  for (;;) {
    const word = keyword(tokens, index);
    if (word === "COMMENT" || word === "LANGUAGE") index += 2;
    else if (CHARACTERISTICS.has(word)) index++;
    else return index;
  }
}

/** Behind the parenthesis that closes the one at `from`. */
export function behindParentheses(tokens: readonly Token[], from: number): number {
  let depth = 0;
  for (let index = from; index < tokens.length; index++) {
    if (isMark(tokens[index], "(")) depth++;
    else if (isMark(tokens[index], ")") && --depth === 0) return index + 1;
  }
  return tokens.length;
}

export const isMark = (token: Token | undefined, mark: string): boolean => token?.type === "mark" && token.text === mark;

/** The word at an index in capitals, empty where there is none or where it is a part of a name: `NEW.begin`, `@end`. */
function keyword(tokens: readonly Token[], index: number): string {
  const token = tokens[index];
  if (token?.type !== "word") return "";
  const before = tokens[index - 1];
  return isMark(before, ".") || isMark(before, "@") ? "" : token.text.toUpperCase();
}
