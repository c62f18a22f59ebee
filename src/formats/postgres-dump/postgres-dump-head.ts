/** What other things are taken for a plain dump of pg_dump's, told by the first bytes. Null where none is known. */
export function refuseForeign(bytes: Buffer): { readonly what: string; readonly hint: string } | null {
  const head = bytes.toString("latin1", 0, 512);
  if (head.startsWith("PGDMP") || head.startsWith("toc.dat\0"))
    return {
      what: "is an archive of pg_dump",
      hint: "Dump in the plain format (without -F), or unpack it on the way: pg_restore -f - prod.dump | standin pipe …",
    };
  if (head.startsWith("\x1f\x8b"))
    return { what: "is compressed", hint: "Unpack it first: gunzip -c dump.sql.gz | standin pipe …" };
  if (head.startsWith("\xff\xfe") || head.startsWith("\xfe\xff"))
    return { what: "is UTF-16", hint: "Write it with pg_dump --file: PowerShell's > changes what it writes." };
  if (head.startsWith("\xef\xbb\xbf"))
    return {
      what: "begins with a byte order mark",
      hint: "Write it with pg_dump --file: an editor, or PowerShell, put it there.",
    };
  if (/^(?:-- (?:MySQL|MariaDB) dump |\/\*M?!\d)/.test(head))
    return { what: "is MySQL's or MariaDB's", hint: "Use --format mysqldump." };
  return null;
}
