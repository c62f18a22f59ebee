import { execFileSync } from "node:child_process";
import { cpSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { stagePackage } from "../cli/staged-package.ts";
import { IS_THOROUGH } from "../faults/seeds.ts";
import { type Follow, followPage } from "./follow-page.ts";
import { FOLLOWED } from "./followed-pages.ts";
import { ROOT } from "./readme-blocks.ts";

const TUTORIAL = "docs/tutorial.md";
const MOST_MILLISECONDS = 300_000;

const staged = await stagePackage();

async function expectToShow(page: string, follow: Follow): Promise<void> {
  const found = await followPage(page, follow);
  expect(found.length).toBeGreaterThan(0);
  for (const { place, shown, printed } of found) expect(printed, place).toBe(shown);
}

describe("a reader who follows a page word for word", () => {
  it.each([...FOLLOWED])(
    "gets what %s shows",
    (page) => expectToShow(page, { staged, isInstalled: page !== TUTORIAL }),
    MOST_MILLISECONDS,
  );

  it.skipIf(!IS_THOROUGH)(
    `gets it from the packed package too, which npm installs with its dependencies${IS_THOROUGH ? "" : " (skipped: it takes a registry; npm run test:deep)"}`,
    async () => {
      for (const name of ["schema", "README.md", "CHANGELOG.md", "LICENSE"]) {
        cpSync(join(ROOT, name), join(staged.folder, name), { recursive: true });
      }
      const packed = execFileSync("npm", ["pack", "--silent"], { cwd: staged.folder, encoding: "utf8" });
      await expectToShow(TUTORIAL, { staged, tarball: join(staged.folder, packed.trim()) });
    },
    MOST_MILLISECONDS,
  );
});
