import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ROOT, readPage } from "./readme-blocks.ts";

/** A fenced block of a page. */
export interface Block {
  readonly page: string;
  /** The line of its fence, from 1. */
  readonly line: number;
  readonly language: string;
  /** The file that the block is, as `[name]` behind the language says. */
  readonly file: string | null;
  /** What the commands above it print, as `output` behind the language says, or the language: text. */
  readonly isOutput: boolean;
  readonly code: string;
  /** What a comment right above it says: `<!-- not run: why -->`, `<!-- run by test/… -->`, `<!-- from examples/… -->`, `<!-- given: declarations -->`. */
  readonly notes: Readonly<Record<string, string>>;
}

const FENCE = /^( *)(`{3,})([^\n`]*)\n([\s\S]*?)^\1\2 *$/gm;
const NOTE = /<!-- (not run|run by|from|given):? ([\s\S]*?) -->/g;
/** Notes stand above the block, with nothing but empty lines between. */
const NOTES_ABOVE = /(?:<!-- (?:not run|run by|from|given):? (?:(?!-->)[\s\S])*-->\s*)+$/;

export function blocksOf(page: string): readonly Block[] {
  const text = readPage(page);
  return [...text.matchAll(FENCE)].map((match) => {
    const [, indent, , info, body] = match;
    const above = NOTES_ABOVE.exec(text.slice(0, match.index))?.[0] ?? "";
    const language = /^\S*/.exec(info!.trim())![0];
    return {
      page,
      line: text.slice(0, match.index).split("\n").length,
      language,
      file: /\[(.+)\]/.exec(info!)?.[1] ?? null,
      isOutput: language === "text" || /\boutput\b/.test(info!),
      code: body!.replaceAll(new RegExp(`^${indent}`, "gm"), ""),
      notes: Object.fromEntries([...above.matchAll(NOTE)].map(([, name, said]) => [name!, said!])),
    };
  });
}

/** Every page that is written for people to follow, from the repository's root. */
export function allPages(): readonly string[] {
  const docs = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".md") && !file.startsWith("site"))
    .map((file) => `docs/${file.replaceAll("\\", "/")}`);
  return ["README.md", "CONTRIBUTING.md", "CHANGELOG.md", "examples/README.md", ...docs.sort()];
}

/** Where a block stands, for the name of a test. */
export const placeOf = ({ page, line }: Block) => `${page}:${line}`;
