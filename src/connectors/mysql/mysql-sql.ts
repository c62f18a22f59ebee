/** Quotes a name, whatever it holds. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}

/** Quotes a text, for the sql_mode that sessions are pinned to: backslashes escape. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "''").replaceAll("\0", "\\0")}'`;
}

/** A list of quoted names. */
export function quoteNames(names: readonly string[]): string {
  return names.map(quoteName).join(", ");
}
