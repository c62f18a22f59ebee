/** The comment that dumps begin with, unless they are made without comments. */
const HEADER = /^-- (?:MySQL|MariaDB) dump /m;

/** Whether a dump begins with the comment that says what made it: such a one has a last line as well. */
export const saysWhoseItIs = (head: string): boolean => HEADER.test(head);

/** Whether the dump is of a MySQL, by the comments that it begins with. */
export const saysMysql = (head: string): boolean => /^-- MySQL dump /m.test(head) && !/^-- Server version.*MariaDB/im.test(head);

/** Whether a dump's last bytes say that it was written to its end. */
export const saysComplete = (tail: string): boolean => /^-- Dump completed/m.test(tail);

/** What other things are taken for a dump. */
export function refuseForeign(head: string): { readonly what: string; readonly hint: string } | null {
  if (head.startsWith("<?xml")) return { what: "is XML", hint: "Dump without --xml." };
  if (
    head.startsWith("PGDMP") ||
    /^(?:-- PostgreSQL database dump|COPY .* FROM stdin;|SET standard_conforming_strings)/m.test(head)
  )
    return { what: "is PostgreSQL's", hint: "Use --format pg_dump." };
  if (head.startsWith("\xff\xfe") || head.startsWith("\xfe\xff"))
    return { what: "is UTF-16", hint: "Write it with --result-file: PowerShell's > changes what it writes." };
  if (head.startsWith("\x1f\x8b"))
    return { what: "is compressed", hint: "Unpack it first: gunzip -c dump.sql.gz | standin pipe …" };
  return null;
}
