import { type Condition, negated } from "./condition.ts";
import { cutTokens } from "./condition-tokens.ts";
import { exactNumber } from "./exact-number.ts";
import { BeyondUs, TokenReader } from "./token-reader.ts";

/** Reads a condition as PostgreSQL, MySQL and MariaDB print it. Null where it goes beyond what is understood here. */
export function parseCondition(sql: string): Condition | null {
  const read = readCondition(sql);
  return typeof read === "number" ? null : read;
}

/** The same, but where it goes beyond: the place in the text at which reading ended. */
export function readCondition(sql: string): Condition | number {
  const { tokens, end } = cutTokens(sql);
  if (end < sql.length) return end;
  const parser = new Parser(tokens);
  try {
    const condition = parser.either();
    return parser.isAtEnd ? condition : parser.position!;
  } catch (error) {
    if (error instanceof BeyondUs) return parser.position ?? sql.length;
    throw error;
  }
}

const COMPARISONS = ["=", "<>", "!=", "<", "<=", ">", ">="];
const MATCHES: Readonly<
  Record<string, { readonly type: "like" | "regexp"; readonly ignoresCase: boolean; readonly isNot: boolean }>
> = Object.fromEntries(
  (["like", "regexp"] as const).flatMap((type) =>
    [false, true].flatMap((ignoresCase) =>
      [false, true].map((isNot) => [
        `${isNot ? "!" : ""}${type === "like" ? "~~" : "~"}${ignoresCase ? "*" : ""}`,
        { type, ignoresCase, isNot },
      ]),
    ),
  ),
);

/** The signs that compare two sides. */
export const COMPARING_SIGNS: readonly string[] = [...COMPARISONS, ...Object.keys(MATCHES)];

class Parser extends TokenReader {
  either(): Condition {
    let left = this.#both();
    while (this.takeWord("or")) left = { type: "or", left, right: this.#both() };
    return left;
  }

  #both(): Condition {
    let left = this.#negation();
    while (this.takeWord("and") || this.takeSign("&&")) left = { type: "and", left, right: this.#negation() };
    return left;
  }

  #negation(): Condition {
    return this.takeWord("not") ? { type: "not", of: this.#negation() } : this.#comparison();
  }

  #comparison(): Condition {
    let left = this.#sum();
    for (;;) {
      const sign = this.peek("sign");
      if (sign !== null && COMPARISONS.includes(sign)) {
        this.next();
        left = this.#compared(sign === "!=" ? "<>" : sign, left);
      } else if (sign !== null && Object.hasOwn(MATCHES, sign)) {
        this.next();
        const { type, ignoresCase, isNot } = MATCHES[sign]!;
        left = negated(isNot, { type, of: left, pattern: this.#sum(), ignoresCase });
      } else if (this.takeWord("is")) left = this.#isSomething(left);
      else {
        const isNot = this.takeWord("not");
        if (this.takeWord("in")) left = negated(isNot, { type: "in", of: left, list: this.#list() });
        else if (this.takeWord("between")) left = negated(isNot, this.#between(left));
        else if (this.takeWord("like")) left = negated(isNot, this.#match("like", left));
        else if (this.takeWord("regexp") || this.takeWord("rlike")) left = negated(isNot, this.#match("regexp", left));
        else if (isNot) throw new BeyondUs();
        else return left;
      }
    }
  }

  #match(type: "like" | "regexp", of: Condition): Condition {
    const pattern = this.#sum();
    // Another escape than the backslash is rare, and not for us.
    if (this.takeWord("escape")) throw new BeyondUs();
    return { type, of, pattern, ignoresCase: false };
  }

  /** `= ANY (ARRAY[…])` is how PostgreSQL writes IN, `<> ALL (ARRAY[…])` NOT IN. */
  #compared(operator: string, left: Condition): Condition {
    const isAny = this.takeWord("any");
    if (!isAny && !this.takeWord("all")) return { type: "compare", operator, left, right: this.#sum() };
    const array = withoutCasts(this.#list()[0]!);
    if (array.type !== "array" || operator !== (isAny ? "=" : "<>")) throw new BeyondUs();
    return negated(!isAny, { type: "in", of: left, list: array.items });
  }

  #isSomething(of: Condition): Condition {
    const isNot = this.takeWord("not");
    if (this.takeWord("null")) return negated(isNot, { type: "isNull", of });
    const truth = this.takeWord("true") ? true : this.takeWord("false") ? false : null;
    if (truth === null) throw new BeyondUs();
    const known: Condition = { type: "and", left: negated(true, { type: "isNull", of }), right: negated(!truth, of) };
    return negated(isNot, known);
  }

  #between(of: Condition): Condition {
    const low = this.#sum();
    if (!this.takeWord("and")) throw new BeyondUs();
    const right: Condition = { type: "compare", operator: "<=", left: of, right: this.#sum() };
    return { type: "and", left: { type: "compare", operator: ">=", left: of, right: low }, right };
  }

  #sum(): Condition {
    let left = this.#product();
    for (let sign = this.peek("sign"); sign === "+" || sign === "-" || sign === "||"; sign = this.peek("sign")) {
      this.next();
      left = { type: "arithmetic", operator: sign, left, right: this.#product() };
    }
    return left;
  }

  #product(): Condition {
    let left = this.#unary();
    for (let sign = this.#factorSign(); sign !== null; sign = this.#factorSign()) {
      this.next();
      left = { type: "arithmetic", operator: sign, left, right: this.#unary() };
    }
    return left;
  }

  /** MariaDB writes `%` as MOD. */
  #factorSign(): string | null {
    const sign = this.peek("sign");
    if (sign === "*" || sign === "/" || sign === "%") return sign;
    return this.peek("word")?.toLowerCase() === "mod" ? "%" : null;
  }

  #unary(): Condition {
    if (!this.takeSign("-")) return this.#cast();
    return { type: "arithmetic", operator: "-", left: { type: "literal", value: 0 }, right: this.#unary() };
  }

  #cast(): Condition {
    let of = this.#primary();
    while (this.takeSign("::")) of = { type: "cast", of, to: this.typeName() };
    return of;
  }

  #primary(): Condition {
    const { kind, text } = this.next();
    if (kind === "text") return { type: "literal", value: text };
    if (kind === "number") return { type: "literal", value: exactNumber(text)! };
    if (kind === "sign") {
      if (text !== "(") this.refuse();
      const inner = this.either();
      this.expectSign(")");
      return inner;
    }
    const word = text.toLowerCase();
    if (kind === "word" && word === "null") return { type: "literal", value: null };
    if (kind === "word" && (word === "true" || word === "false")) return { type: "literal", value: word === "true" };
    if (kind === "word" && word === "array" && this.takeSign("[")) return { type: "array", items: this.#items("]") };
    if (this.takeSign("(")) return word === "mod" ? this.#remainder() : called(word, this.#parameters(word));
    return { type: "column", name: text, ...(kind === "name" && { isQuoted: true }) };
  }

  /** `mod(age, 2)`, as PostgreSQL prints it. */
  #remainder(): Condition {
    const left = this.#sum();
    this.expectSign(",");
    const right = this.#sum();
    this.expectSign(")");
    return { type: "arithmetic", operator: "%", left, right };
  }

  /** `POSITION(('@'::text) IN (email))` has a grammar of its own. */
  #parameters(name: string): readonly Condition[] {
    if (name !== "position") return this.#items(")");
    const part = this.#sum();
    if (this.takeWord("in")) {
      const whole = this.#sum();
      this.expectSign(")");
      return [whole, part];
    }
    this.expectSign(",");
    const second = this.#sum();
    this.expectSign(")");
    return [part, second];
  }

  #list(): readonly Condition[] {
    this.expectSign("(");
    return this.#items(")");
  }

  #items(end: string): readonly Condition[] {
    const items: Condition[] = [];
    if (this.takeSign(end)) return items;
    do items.push(this.either());
    while (this.takeSign(","));
    this.expectSign(end);
    return items;
  }
}

/** MySQL prints `v REGEXP '^a'` as a function's call. */
function called(name: string, parameters: readonly Condition[]): Condition {
  const [of, pattern, ...more] = parameters;
  if (name !== "regexp_like" || pattern === undefined || more.length > 0) return { type: "call", name, parameters };
  return { type: "regexp", of: of!, pattern, ignoresCase: false };
}

function withoutCasts(condition: Condition): Condition {
  return condition.type === "cast" ? withoutCasts(condition.of) : condition;
}
