export interface Token {
  readonly kind: "text" | "number" | "name" | "word" | "sign";
  readonly text: string;
}

const PATTERN =
  /\s+|(?:[eE]|_\w+\s*)?'((?:[^']|'')*)'|(\d+(?:\.\d*)?(?:[eE][-+]?\d+)?|\.\d+)|"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)|(::|<>|!=|<=|>=|!~~\*|!~~|~~\*|~~|!~\*|!~|~\*|~|\|\||&&|[-+*/%=<>()[\],.])/gy;

/** Cuts a condition into tokens, null where it holds something that is none. */
export function tokensOf(sql: string): readonly Token[] | null {
  const tokens: Token[] = [];
  let end = 0;
  for (const [whole, text, number, quoted, backticked, word, sign] of sql.matchAll(PATTERN)) {
    end += whole.length;
    if (text !== undefined) tokens.push({ kind: "text", text: text.replaceAll("''", "'") });
    else if (number !== undefined) tokens.push({ kind: "number", text: number });
    else if (quoted !== undefined) tokens.push({ kind: "name", text: quoted.replaceAll('""', '"') });
    else if (backticked !== undefined) tokens.push({ kind: "name", text: backticked.replaceAll("``", "`") });
    else if (word !== undefined) tokens.push({ kind: "word", text: word });
    else if (sign !== undefined) tokens.push({ kind: "sign", text: sign });
  }
  return end === sql.length ? tokens : null;
}
