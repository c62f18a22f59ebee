import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, posix } from "node:path";
import { describe, expect, it } from "vitest";
import { COMMANDS_FILE, commandNames, commandsPage } from "../../docs/commands-page.ts";
import { ERROR_ADVICE, ERROR_SECTIONS } from "../../docs/errors/index.ts";
import { PERFORMANCE_FILE, withFigures } from "../../docs/performance-figures.ts";
import { POLICY_FILE, policyPage } from "../../docs/policy-page.ts";
import { sitePathOf, siteSections } from "../../docs/site/site-pages.ts";
import { slugsOf } from "../../docs/site/slug.ts";
import { stagePages, withSiteLinks } from "../../docs/site/stage-pages.ts";
import { TROUBLESHOOTING_FILE, troubleshootingPage } from "../../docs/troubleshooting-page.ts";
import { spawnNode } from "../cli/spawned-command.ts";
import { stagePackage } from "../cli/staged-package.ts";
import { allPages, blocksOf } from "./page-blocks.ts";
import { ROOT, readPage } from "./readme-blocks.ts";

const { command } = await stagePackage();

const helps = new Map<string, Promise<string>>();
/** What a command says of itself, asked once. */
function helpOf(name = ""): Promise<string> {
  const asked = helps.get(name);
  if (asked !== undefined) return asked;
  const parameters = name === "" ? ["--help"] : [name, "--help"];
  const help = spawnNode([command, ...parameters], { cwd: ROOT }).finished.then(({ stdout }) => stdout);
  helps.set(name, help);
  return help;
}

const relative = (file: string) => file.slice(ROOT.length + 1);

describe("pages that code writes", () => {
  it("are as code would write them now (if not: npm run docs)", async () => {
    expect(readPage(relative(POLICY_FILE))).toBe(policyPage());
    expect(readPage(relative(TROUBLESHOOTING_FILE))).toBe(troubleshootingPage());
    const performancePage = readPage(relative(PERFORMANCE_FILE));
    expect(performancePage).toBe(withFigures(performancePage));
    expect(readPage(relative(COMMANDS_FILE))).toBe(await commandsPage(helpOf));
  });

  it("have every command and every error code", async () => {
    const source = readPage("src/errors.ts");
    const [, list] = /type StandinErrorCode =([\s\S]*?);/.exec(source)!;
    const codes = [...list!.matchAll(/"([A-Z_]+)"/g)].map(([, code]) => code!).sort();
    expect(codes.length).toBeGreaterThan(60);
    expect(ERROR_SECTIONS.flatMap(([, , listed]) => listed).sort()).toEqual(codes);
    for (const { cause, remedy } of Object.values(ERROR_ADVICE))
      expect([cause.length > 30, remedy.endsWith(".")]).toEqual([true, true]);
    expect(commandNames(await helpOf()).length).toBeGreaterThan(10);
  });
});

describe("the site", () => {
  const listed = siteSections().flatMap(({ pages }) => pages);

  it("has every page of docs/ in its sidebar, once", () => {
    // The landing page is where the reader comes from, and the API's pages are made when the site is.
    const expected = [...allPages().filter((page) => page !== "docs/index.md"), "docs/reference/api/index.md"];
    expect([...listed].sort()).toEqual(expected.sort());
    expect(new Set(listed.map(sitePathOf)).size).toBe(listed.length);
  });

  it("has a page for every link that leads within it, staged as it is built", () => {
    const folder = mkdtempSync(join(tmpdir(), "standin-site-"));
    try {
      stagePages(folder);
      const staged = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".md"));
      expect(staged.length).toBeGreaterThan(listed.length);
      const lost = staged.flatMap((file) => {
        const prose = readFileSync(join(folder, file), "utf8").replaceAll(/^ *(`{3,})[\s\S]*?^ *\1 *$/gm, "");
        const targets = [...prose.matchAll(/\]\((\/[^()#\s]*)/g)].map(([, target]) => target!);
        return targets.filter((target) => !staged.includes(`${target.slice(1)}${target.endsWith("/") ? "index" : ""}.md`));
      });
      // The API's pages are made by typedoc.
      expect(lost.filter((target) => !target.startsWith("/reference/api/"))).toEqual([]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it("leads links to its own pages, and leaves code as it is", () => {
    const page =
      "[a](../../README.md#the-policy), [b](ci.md), [c](../../src/errors.ts), [d](../../examples/plug-in)\n```md\n[a](ci.md)\n```\n";
    expect(withSiteLinks(page, "docs/guides/keys.md")).toBe(
      "[a](/overview#the-policy), [b](/guides/ci), c, [d](/examples/plug-in)\n```md\n[a](ci.md)\n```\n",
    );
  });
});

describe.each(allPages())("%s", (page) => {
  const text = readPage(page);
  const commands = blocksOf(page).flatMap(({ language, code }) => (["sh", "yaml"].includes(language) ? code.split("\n") : []));
  const inline = [...text.matchAll(/`((?:npx |npm |standin )[^`]+)`/g)].map(([, found]) => found!);

  it("names scripts that package.json has", () => {
    const { scripts } = JSON.parse(readPage("package.json"));
    // What a reader does with npm in a folder of theirs.
    const theirs = /npm (?:run )?((?!(?:ci|install|init|run|pack|publish)\b)[a-z][\w:]*)/g;
    for (const line of [...commands, ...inline]) {
      for (const [, name] of line.matchAll(theirs)) expect(scripts, line).toHaveProperty(name!);
    }
  });

  it("names commands and options that standin has", async () => {
    for (const line of [...commands, ...inline]) {
      for (const [, name, rest] of line.matchAll(/(?:^|npx )standin ([a-z]+)([^#|<>&)]*)/g)) {
        const help = await helpOf(name!);
        expect(help, line).toContain(`Usage: standin ${name}`);
        for (const option of rest!.match(/--[a-z-]+/g) ?? []) expect(help, line).toContain(option);
      }
    }
  });

  it("links to pages, files and headings that are there", () => {
    const prose = text.replaceAll(/^ *(`{3,})[\s\S]*?^ *\1 *$/gm, "");
    for (const [, target] of prose.matchAll(/\]\((?!https?:)([^()\s]+)\)/g)) {
      const [path, anchor] = target!.split("#");
      const file = path === "" ? page : posix.join(posix.dirname(page), path!);
      expect(existsSync(join(ROOT, file)), target).toBe(true);
      if (anchor !== undefined) expect(slugsOf(readPage(file)), target).toContain(anchor);
    }
  });
});

it("links out of the pages are few, and known", () => {
  const links = allPages().flatMap((page) => [...readPage(page).matchAll(/\]\((https?:[^()\s]+)\)/g)].map(([, link]) => link!));
  expect(links.filter((link) => !EXTERNAL.includes(link))).toEqual([]);
});

/** Not fetched: the tests ask nobody outside. */
const EXTERNAL: readonly string[] = ["https://docs.bullmq.io", "https://www.npmjs.com/package/libsql"];
