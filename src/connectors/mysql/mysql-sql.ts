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

/** The name of a lock, as an SQL expression: a digest of another one's text. MySQL has no MD5 from 9.6 on, and names of 64 characters at most. */
export const lockName = (of: string): string => `CONCAT('standin/', LEFT(SHA2(${of}, 256), 32))`;
