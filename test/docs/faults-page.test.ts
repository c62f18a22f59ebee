import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Fault, PROCESS_FAULTS, SERVER_FAULTS } from "../../docs/fault-matrix.ts";
import { faultsPage, faultsPageAsWritten } from "../../docs/faults-page.ts";

const ROOT = join(import.meta.dirname, "..", "..");
const SUITE = "test/faults";
const FAULTS: readonly Fault[] = [...SERVER_FAULTS, ...PROCESS_FAULTS];
const numbered = (letter: string, count: number) =>
  Array.from({ length: count }, (_, index) => letter + String(index + 1).padStart(2, "0"));
const textOf = (file: string) => readFileSync(join(ROOT, file), "utf8");
const suiteFiles = readdirSync(join(ROOT, SUITE))
  .filter((name) => name.endsWith(".test.ts"))
  .map((name) => `${SUITE}/${name}`);

/** The ids in the claims of a file of the suite. */
const idsIn = (file: string) => new Set([...textOf(file).matchAll(/\b[FP]\d\d\b(?=[^"`]*[:,])/g)].map(([id]) => id));

describe("docs/faults.md", () => {
  it("is as code would write it now (if not: npm run docs)", () => {
    expect(faultsPageAsWritten()).toBe(faultsPage());
  });

  it("has every fault once, shown or with the reason why not", () => {
    expect(FAULTS.map(({ id }) => id)).toEqual([...numbered("F", 40), ...numbered("P", 20)]);
    const unexplained = FAULTS.filter(({ shown, open }) => Object.keys(shown).length === 0 && open === undefined);
    expect(unexplained).toEqual([]);
  });

  it("names tests that are there", () => {
    const stale = FAULTS.flatMap(({ id, shown }) =>
      Object.entries(shown).flatMap(([file, claim]) => (textOf(file).includes(claim) ? [] : [`${id}: ${file}: ${claim}`])),
    );
    expect(stale).toEqual([]);
  });

  it("names every test of the suite", () => {
    const listed = new Set(FAULTS.flatMap(({ id, shown }) => Object.keys(shown).map((file) => `${id} ${file}`)));
    const unlisted = suiteFiles
      .flatMap((file) => [...idsIn(file)].map((id) => `${id} ${file}`))
      .filter((one) => !listed.has(one));
    expect(unlisted).toEqual([]);
  });

  it("is shown as a whole by npm run test:faults", () => {
    const { scripts } = JSON.parse(textOf("package.json")) as { scripts: Record<string, string> };
    const run = scripts["test:faults"]!.split(" ");
    const files = FAULTS.flatMap(({ shown }) => Object.keys(shown)).filter((file) => !file.startsWith(`${SUITE}/`));
    expect(files.filter((file) => !run.includes(file))).toEqual([]);
    expect(run).toContain(SUITE);
  });
});
