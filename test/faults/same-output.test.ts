import { createHash } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { spawnNode } from "../cli/spawned-command.ts";
import { stagePackage } from "../cli/staged-package.ts";
import { TEST_KEY } from "../test-key.ts";

const { command } = await stagePackage();
const folder = mkdtempSync(join(tmpdir(), "standin-same-"));
afterAll(() => rmSync(folder, { recursive: true }));

writeFileSync(
  join(folder, "standin.policy.json"),
  JSON.stringify({
    tables: {
      people: {
        email: { fake: "internet.email" },
        name: { fake: "person.fullName" },
        born: { shiftDates: { days: 180 } },
        seen: { generalizeDate: "month" },
        code: { scramble: {} },
        id: { tokenize: {} },
      },
    },
  }),
);
const INPUT = `email,name,born,seen,code,id\n${Array.from(
  { length: 500 },
  (_, row) =>
    `İpek.${row}@IŞIK.example,Iğdır ${row},1987-03-${String(1 + (row % 28)).padStart(2, "0")},2024-02-29,Iİıi-${row},${row}`,
).join("\n")}\n`;

/** A clock a year ahead, that jumps a day at each look. */
const CLOCK = `data:text/javascript,${encodeURIComponent(`const now = Date.now; let days = 365;
  Date.now = () => now() + 864e5 * days++;
  globalThis.Date = new Proxy(Date, { construct: (target, given) => given.length === 0 ? new target(target.now()) : new target(...given) });`)}`;

async function hashUnder(env: Record<string, string>, flags: readonly string[] = []): Promise<string> {
  const { code, stdout, stderr } = await spawnNode([...flags, command, "pipe", "--format", "csv"], {
    cwd: folder,
    env: { STANDIN_KEY: TEST_KEY, ...env },
    input: INPUT,
  }).finished;
  expect(code, stderr).toBe(0);
  expect(stdout.split("\n")).toHaveLength(502);
  return createHash("sha256").update(stdout).digest("hex");
}

const usual = hashUnder({ TZ: "UTC", LC_ALL: "C" });

it.each([
  ["P10: in another time zone", { TZ: "Pacific/Apia" }, []],
  ["P10: where the clock is a year ahead and jumps", {}, ["--import", CLOCK]],
  ["P18: in Turkish", { LC_ALL: "tr_TR.UTF-8", LANG: "tr_TR.UTF-8" }, []],
  ["P18: in German", { LC_ALL: "de_DE.UTF-8", LANG: "de_DE.UTF-8" }, []],
  ["P16: with a small heap and no compiler", {}, ["--max-old-space-size=96", "--no-opt"]],
] as const)("gives the same bytes %s", async (_, env, flags) => {
  expect(await hashUnder(env, flags)).toBe(await usual);
});
