import { spawnSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { IS_THOROUGH } from "../faults/seeds.ts";
import { Browser, CHROMIUM } from "./browser.ts";
import { ROOT } from "./readme-blocks.ts";
import { serveFolder } from "./serve-folder.ts";

const DIST = join(ROOT, "docs", "site", "dist");
const reason = !IS_THOROUGH ? "it takes minutes: npm run test:deep" : CHROMIUM === undefined ? "chromium is not installed" : null;

describe.skipIf(reason !== null)(`the built site${reason === null ? "" : ` (skipped: ${reason})`}`, () => {
  let browser: Browser;
  let site: Awaited<ReturnType<typeof serveFolder>>;

  beforeAll(async () => {
    const { status, stdout, stderr } = spawnSync("npm", ["run", "docs:site"], { cwd: ROOT, encoding: "utf8" });
    expect(status, `${stdout}${stderr}`).toBe(0);
    site = await serveFolder(DIST);
    browser = await Browser.open(CHROMIUM!);
  }, 600_000);
  afterAll(async () => {
    await browser?.close();
    site?.close();
  });

  it.each([1200, 400] as const)(
    "shows every page %i pixels wide without a fault, a request to elsewhere or anything over the edge",
    async (width) => {
      await browser.setWindow(width, width === 400 ? "dark" : "light");
      const pages = readdirSync(DIST, { recursive: true, encoding: "utf8" }).filter(
        (file) => file.endsWith(".html") && file !== "404.html",
      );
      expect(pages.length).toBeGreaterThan(30);
      const found: Record<string, readonly string[]> = {};
      for (const page of pages) {
        const { faults, over, height } = await browser.look(`${site.origin}/${page}`);
        expect(height, page).toBeGreaterThan(300);
        if (faults.length + over.length > 0) found[page] = [...faults, ...over];
      }
      expect(found).toEqual({});
    },
    600_000,
  );

  it("finds a page by a search, without asking anybody", async () => {
    await browser.setWindow(1200, "light");
    await browser.look(`${site.origin}/index.html`);
    const titles = await browser.run(`(async () => {
      const soon = (find) => new Promise((resolve) => { const timer = setInterval(() => { const found = find(); if (found) { clearInterval(timer); resolve(found); } }, 100); });
      (await soon(() => document.querySelector("#local-search button, .VPNavBarSearchButton"))).click();
      const input = await soon(() => document.querySelector(".VPLocalSearchBox input"));
      input.value = "UNIQUENESS_LOST";
      input.dispatchEvent(new Event("input", { bubbles: true }));
      const results = await soon(() => { const all = document.querySelectorAll(".VPLocalSearchBox .result"); return all.length > 0 ? [...all] : null; });
      return results.map((result) => result.textContent).join("\\n");
    })()`);
    expect(titles).toContain("UNIQUENESS_LOST");
  }, 60_000);
});
