import { readFileSync } from "node:fs";
import { join, resolve } from "node:path";

export const ROOT = resolve(import.meta.dirname, "..", "..");

export function readPage(page: string): string {
  return readFileSync(join(ROOT, page), "utf8");
}

/** The code blocks of a page in one language, in order. */
export function codeBlocks(page: string, language: string): readonly string[] {
  const pattern = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm");
  return [...readPage(page).matchAll(pattern)].map(([, code]) => code!);
}

/** A page's code block that holds a text. Throws where it is not exactly one. */
export function blockWith(page: string, language: string, text: string): string {
  const found = codeBlocks(page, language).filter((code) => code.includes(text));
  if (found.length !== 1) throw new Error(`${page} has ${found.length} blocks of ${language} with ${text}.`);
  return found[0]!;
}
