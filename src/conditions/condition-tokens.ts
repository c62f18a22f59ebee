export interface Token {
  readonly kind: "text" | "number" | "name" | "word" | "sign";
  readonly text: string;
  /** Where it begins. */
  readonly at: number;
}

const PATTERN =
  /\s+|(?:[eE]|_\w+\s*)?'((?:[^']|'')*)'|(\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+)|"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(::|<>|!=|<=|>=|!~~\*|!~~|~~\*|~~|!~\*|!~|~\*|~|\|\||&&|[-+*/%=<>()[\],.])/gy;

/** A text as tokens, as far as it has any: what stands behind `end` is none. */
export interface Tokens {
  readonly tokens: readonly Token[];
  readonly end: number;
}

/** Cuts a condition into tokens. */
export function cutTokens(sql: string): Tokens {
  const tokens: Token[] = [];
  let end = 0;
  for (const [whole, text, number, quoted, backticked, word, sign] of sql.matchAll(PATTERN)) {
    const at = end;
    end += whole.length;
    if (text !== undefined) tokens.push({ kind: "text", text: text.replaceAll("''", "'"), at });
    else if (number !== undefined) tokens.push({ kind: "number", text: number, at });
    else if (quoted !== undefined) tokens.push({ kind: "name", text: quoted.replaceAll('""', '"'), at });
    else if (backticked !== undefined) tokens.push({ kind: "name", text: backticked.replaceAll("``", "`"), at });
    else if (word !== undefined) tokens.push({ kind: "word", text: word, at });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign, at });
  }
  return { tokens, end };
}

/** The tokens of a condition, null where it holds something that is none. */
export function tokensOf(sql: string): readonly Token[] | null {
  const { tokens, end } = cutTokens(sql);
  return end === sql.length ? tokens : null;
}
