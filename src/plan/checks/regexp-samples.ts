/** Repetitions that stand for `*` and `+`. */
const SOME = 3;
const MOST = 64;

/**
 * Writes a few texts in the form of a simple regular expression: literals, classes, groups, alternatives and counts. What it does not read it leaves
 * out: whoever asks tests the texts anyway.
 */
export function regexpSamples(pattern: string): readonly string[] {
  const texts = [0, 1, 2].map((turn) => {
    const reader = new Reader(pattern.replace(/^\^|\$$/g, ""), turn);
    return reader.alternatives();
  });
  return [...new Set(texts)];
}

class Reader {
  readonly #pattern: string;
  /** Chooses among the members of a class, and among alternatives. */
  readonly #turn: number;
  #at = 0;

  constructor(pattern: string, turn: number) {
    this.#pattern = pattern;
    this.#turn = turn;
  }

  alternatives(): string {
    const texts = [this.#sequence()];
    while (this.#take("|")) texts.push(this.#sequence());
    return texts[this.#turn % texts.length]!;
  }

  #sequence(): string {
    let text = "";
    while (this.#at < this.#pattern.length && !"|)".includes(this.#pattern[this.#at]!)) {
      const start = this.#at;
      const atom = this.#atom();
      text += atom.repeat(this.#count());
      // A sign that nothing above takes must not hold the reader up.
      if (this.#at === start) this.#at++;
    }
    return text;
  }

  #atom(): string {
    const sign = this.#pattern[this.#at++]!;
    if (sign === "(") {
      if (this.#pattern.startsWith("?:", this.#at)) this.#at += 2;
      const inner = this.alternatives();
      this.#take(")");
      return inner;
    }
    if (sign === "[") return this.#class();
    if (sign === "\\") return escaped(this.#pattern[this.#at++] ?? "");
    if (sign === ".") return "a";
    return "^$".includes(sign) ? "" : sign;
  }

  #class(): string {
    const end = this.#pattern.indexOf("]", this.#at + (this.#pattern[this.#at] === "[" ? this.#named() : 1));
    const body = this.#pattern.slice(this.#at, end < 0 ? undefined : end);
    this.#at = end < 0 ? this.#pattern.length : end + 1;
    if (body.startsWith("^")) return [..."aZ5-_ "].find((one) => !body.includes(one)) ?? "";
    const members = membersOf(body);
    return members[(this.#turn * 7) % Math.max(members.length, 1)] ?? "";
  }

  /** `[[:digit:]]` holds a bracket of its own. */
  #named(): number {
    const end = this.#pattern.indexOf(":]", this.#at);
    return end < 0 ? 1 : end + 2 - this.#at;
  }

  #count(): number {
    if (this.#take("*") || this.#take("+")) {
      this.#take("?");
      return SOME;
    }
    if (this.#take("?")) return 1;
    const counts = /^\{(\d+)(?:,(\d*))?\}/.exec(this.#pattern.slice(this.#at));
    if (counts === null) return 1;
    this.#at += counts[0].length;
    return Math.min(Number(counts[1]), MOST);
  }

  #take(sign: string): boolean {
    const isIt = this.#pattern[this.#at] === sign;
    if (isIt) this.#at++;
    return isIt;
  }
}

function escaped(sign: string): string {
  if (sign === "d") return "7";
  if (sign === "w") return "a";
  return sign === "s" ? " " : sign;
}

function membersOf(body: string): readonly string[] {
  const named = /^\[:(\w+):\]/.exec(body)?.[1];
  if (named === "digit" || named === "xdigit") return [..."0123456789"];
  if (named === "upper") return [..."ABCXYZ"];
  if (named !== undefined) return [..."abcxyz"];
  const members: string[] = [];
  const signs = [...body.replace(/\\d/g, "0-9").replace(/\\w/g, "a-z").replace(/\\(.)/g, "$1")];
  for (let index = 0; index < signs.length; index++) {
    const [first, hyphen, last] = [signs[index]!, signs[index + 1], signs[index + 2]];
    if (hyphen === "-" && last !== undefined) {
      for (let code = first.charCodeAt(0); code <= last.charCodeAt(0) && members.length < 100; code++)
        members.push(String.fromCharCode(code));
      index += 2;
    } else members.push(first);
  }
  return members;
}
