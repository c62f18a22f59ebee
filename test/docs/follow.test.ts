import { describe, expect, it } from "vitest";
import { stagePackage } from "../cli/staged-package.ts";
import { followPage } from "./follow-page.ts";

const staged = await stagePackage();

/** Pages whose commands are run one after the other in an empty folder, and what they print compared. */
const FOLLOWED = ["docs/tutorial.md"];

describe("a reader who follows a page word for word", () => {
  it.each(FOLLOWED)("gets what %s shows", async (page) => {
    const found = await followPage(page, { staged });
    expect(found.length).toBeGreaterThan(0);
    for (const { place, shown, printed } of found) expect(printed, place).toBe(shown);
  });
});
