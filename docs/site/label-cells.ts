/** What this reads of markdown-it, whose types are not installed for the library. */
interface Token {
  readonly type: string;
  readonly content: string;
  attrSet(name: string, value: string): void;
}

/**
 * Gives each cell the head of its column, and each table a class by how many columns it has, so that a phone can show the rows of a table below each other: what
 * has two columns fits, and what has more than six is a matrix, which scrolls.
 */
export function labelCells(tokens: readonly Token[]): void {
  let [heads, column]: [string[], number] = [[], 0];
  let table: Token | undefined;
  for (const [index, token] of tokens.entries()) {
    if (token.type === "table_open") [table, heads] = [token, []];
    if (token.type === "tr_open") column = 0;
    if (token.type === "th_open") heads.push(tokens[index + 1]!.content.replaceAll(/[`*]/g, ""));
    if (token.type === "thead_close") table?.attrSet("class", heads.length < 3 ? "few" : heads.length > 6 ? "many" : "stacked");
    if (token.type === "td_open") token.attrSet("data-head", heads[column++] ?? "");
  }
}
