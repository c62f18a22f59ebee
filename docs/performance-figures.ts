import { readFileSync } from "node:fs";
import { join } from "node:path";

export const PERFORMANCE_FILE = join(import.meta.dirname, "guides", "performance.md");

/** The guide to performance with the figures that the README has: they are written down once, and shown twice. */
export function withFigures(page: string): string {
  const readme = readFileSync(join(import.meta.dirname, "..", "README.md"), "utf8");
  const [, figures] = /<!-- bench -->\n([\s\S]*?)<!-- end of bench -->/.exec(readme)!;
  return page.replace(
    /(<!-- bench of the README -->\n)[\s\S]*?(?=<!-- end of bench -->)/,
    (_, start: string) => `${start}${figures}`,
  );
}
