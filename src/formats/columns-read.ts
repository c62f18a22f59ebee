/** Text in quotes, a name in quotes of either kind, or a bare word. */
const TOKENS = /'(?:[^']|'')*'|"((?:[^"]|"")*)"|`((?:[^`]|``)*)`|([A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)/g;

/** Which of these columns an SQL expression names. A function that is called like a column counts as the column: one too many does no harm. */
export function columnsRead(expression: string, names: readonly string[]): string[] {
  const found = new Set<string>();
  for (const [, quoted, backticked, bare] of expression.matchAll(TOKENS)) {
    const name = quoted?.replaceAll('""', '"') ?? backticked?.replaceAll("``", "`") ?? bare;
    if (name !== undefined && names.includes(name)) found.add(name);
  }
  return [...found];
}
