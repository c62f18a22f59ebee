import type { ExamRow } from "../../src/testing/index.ts";

const ODD = ["", null, 'say "no"', "two\nlines", "a,b;c", "tab\there", "\\N", "\\", "NULL", " padded ", "Zoë 🙂", "'; --"];

/** Rows of people (id, name, note) that are hard to copy: NULL and empty strings, quotes, line breaks, escapes. */
export const PEOPLE: readonly ExamRow[] = Array.from({ length: 40 }, (_, index) => [
  String(index + 1),
  `Person ${index}`,
  ODD[index % ODD.length]!,
]);
