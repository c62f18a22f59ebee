import { describe, expect, it } from "vitest";
import { stagePackage } from "../cli/staged-package.ts";
import { followPage } from "./follow-page.ts";
import { FOLLOWED } from "./followed-pages.ts";

const staged = await stagePackage();

describe("a reader who follows a page word for word", () => {
  it.each([...FOLLOWED])(
    "gets what %s shows",
    async (page) => {
      const found = await followPage(page, { staged, isInstalled: page !== "docs/tutorial.md" });
      expect(found.length).toBeGreaterThan(0);
      for (const { place, shown, printed } of found) expect(printed, place).toBe(shown);
    },
    300_000,
  );
});
