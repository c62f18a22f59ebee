/** Texts and names in quotes, words, and every other character by itself. */
const TOKENS = /[eE]'(?:[^'\\]|\\[\s\S]|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*|[\s\S]/g;

interface Token {
  readonly text: string;
  readonly at: number;
  /** Parentheses around it. */
  readonly depth: number;
}

function* tokensOf(sql: string): Generator<Token> {
  let depth = 0;
  for (const match of sql.matchAll(TOKENS)) {
    const [text] = match;
    if (text === ")") depth--;
    yield { text, at: match.index, depth };
    if (text === "(") depth++;
  }
}

/** What stands in the first parentheses behind a word, as it is written; null where there are none. An empty word is there at once. */
export function inParentheses(sql: string, word: string): string | null {
  let isBehind = word === "";
  let open: Token | null = null;
  for (const token of tokensOf(sql)) {
    if (open !== null && token.text === ")" && token.depth === open.depth) return sql.slice(open.at + 1, token.at);
    if (isBehind && open === null && token.text === "(") open = token;
    if (token.text.toUpperCase() === word) isBehind = true;
  }
  return null;
}

/** What stands behind a word outside of all parentheses, null where it is not there. */
export function behindWord(sql: string, word: string): string | null {
  for (const { text, at, depth } of tokensOf(sql)) {
    if (depth === 0 && text.toUpperCase() === word)
      return sql
        .slice(at + text.length)
        .replace(/;\s*$/, "")
        .trim();
  }
  return null;
}

/** The items of a list. */
export function listItems(list: string): string[] {
  const items: string[] = [];
  let from = 0;
  for (const { text, at, depth } of tokensOf(list)) {
    if (text !== "," || depth > 0) continue;
    items.push(list.slice(from, at).trim());
    from = at + 1;
  }
  return [...items, list.slice(from).trim()];
}

/** The expression that an item of an index is over, as the catalog writes it: without its own parentheses, and without what follows it. */
export function indexExpression(item: string): string {
  const inner = inParentheses(item, "") ?? "";
  return item.startsWith("(") ? inner : item.slice(0, item.indexOf(`(${inner})`) + inner.length + 2);
}
