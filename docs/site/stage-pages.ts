import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname, extname, join, posix } from "node:path";
import { ROOT, sitePathOf } from "./site-pages.ts";

/** What vitepress is given: the repository's pages under the paths of the site, with links that lead there. */
export const STAGED = join(import.meta.dirname, ".pages");

/** Puts every page where the site has it. Pages are written to be read in the repository; here their links are led to the site's. */
export function stagePages(folder: string = STAGED): void {
  rmSync(folder, { recursive: true, force: true });
  const put = (file: string, text: string) => {
    const path = sitePathOf(file)!;
    const place = join(folder, path.endsWith("/") ? `${path}index.md` : `${path}.md`);
    mkdirSync(dirname(place), { recursive: true });
    writeFileSync(place, text);
  };
  for (const file of pageFiles()) put(file, withSiteLinks(readFileSync(join(ROOT, file), "utf8"), file));
  put("docs/index.md", withDemo(readFileSync(join(ROOT, "docs/index.md"), "utf8")));
  for (const name of exampleNames()) put(`examples/${name}/page`, examplePage(name));
  cpSync(join(import.meta.dirname, "public"), join(folder, "public"), { recursive: true });
}

/** The repository's pages that the site has, but for the examples' code. */
export function pageFiles(): readonly string[] {
  const docs = readdirSync(join(ROOT, "docs"), { recursive: true, encoding: "utf8" })
    .map((file) => `docs/${file.replaceAll("\\", "/")}`)
    .filter((file) => file.endsWith(".md") && !file.startsWith("docs/site/"));
  return ["README.md", "CHANGELOG.md", "CONTRIBUTING.md", "examples/README.md", ...docs.sort()];
}

/** A link to a file of the repository leads to its page; to one that the site has not, it is no link. Code stays as it is. */
export function withSiteLinks(text: string, file: string): string {
  return text
    .split(/(^ *```[\s\S]*?^ *```$)/m)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(/\[((?:[^[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)/g, link)))
    .join("");

  function link(whole: string, label: string, target: string): string {
    if (/^([a-z]+:|#)/.test(target)) return whole;
    const [path, anchor] = target.split("#");
    const found = sitePathOf(posix.join(posix.dirname(file), path!).replace(/\/$/, ""));
    return found === null ? label : `[${label}](${found}${anchor === undefined ? "" : `#${anchor}`})`;
  }
}

/** The README's demo, as a table: a page for people who do not know yet what this is. */
function withDemo(page: string): string {
  const readme = readFileSync(join(ROOT, "README.md"), "utf8");
  const [, demo] = /<!-- demo: [\s\S]*?```text\n([\s\S]*?)\n\n/.exec(readme)!;
  const [head, ...lines] = demo!.split("\n");
  const [before, after] = [head!.indexOf("before"), head!.indexOf("after")];
  const rows = lines.map((line) =>
    [line.slice(0, before), line.slice(before, after), line.slice(after)].map((cell) => cell.trim()),
  );
  const table = [["", "production", "the copy"], ["---", "---", "---"], ...rows]
    .map((row) => `| ${row.join(" | ")} |`)
    .join("\n");
  return page.replace("<!-- the demo of the README -->", table);
}

function exampleNames(): readonly string[] {
  return readdirSync(join(ROOT, "examples"), { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

/** Lines of a data file that tell what it is like. */
const SHOWN_LINES = 12;

/** Data of many rows are not read by anybody: their first ones will do. */
function shownText(text: string): string {
  const lines = text.split("\n");
  return lines.length <= 5 * SHOWN_LINES
    ? text
    : [...lines.slice(0, SHOWN_LINES), `… ${lines.length - SHOWN_LINES} more lines`].join("\n");
}

/** The files of an example on one page. */
function examplePage(name: string): string {
  const folder = join(ROOT, "examples", name);
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/(^|\/)(masked|copied|node_modules)(\/|$)/.test(entry.parentPath.slice(folder.length)))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
  const parts = files.sort().map((file) => {
    const whole = readFileSync(join(folder, file), "utf8").trimEnd();
    const text = /\.(csv|txt)$/.test(file) ? shownText(whole) : whole;
    return file.endsWith(".md")
      ? text
      : `## ${file}\n\n\`\`\`\`${extname(file).slice(1).replace("mjs", "js") || "text"}\n${text}\n\`\`\`\``;
  });
  return `# Example: ${name}\n\nThe files of [examples](/examples/)/${name}, which the tests run.\n\n${parts.join("\n\n")}\n`;
}
