import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import type { Policy } from "../../src/policy/define-policy.ts";
import { type RefreshOptions, refresh } from "../../src/refresh.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { TEST_KEY as key } from "../test-key.ts";

/** Some 14 MB of orders, which is four parts. */
const ORDERS = 12_000;
const NOTE = "x".repeat(1100);

const home = mkdtempSync(join(tmpdir(), "standin-subset-files-"));
afterAll(() => rmSync(home, { recursive: true }));
const [source, target, fresh] = ["in", "out", "fresh"].map((name) => join(home, name)) as [string, string, string];

function writeSource(lastNote: string): void {
  mkdirSync(source, { recursive: true });
  const people = Array.from({ length: ORDERS / 10 }, (_, index) => `${index + 1},p${index + 1}\n`);
  const orders = Array.from({ length: ORDERS }, (_, index) => {
    const note = index >= ORDERS - 100 ? lastNote : NOTE;
    return `${index + 1},${1 + (index % (ORDERS / 10))},${note}\n`;
  });
  writeFileSync(join(source, "people.csv"), `id,name\n${people.join("")}`);
  writeFileSync(join(source, "orders.csv"), `id,person,note\n${orders.join("")}`);
}

const policyTo = (target: string): Policy =>
  ({
    ...{ source, target },
    tables: { people: { id: keep(), name: redact() }, orders: { id: keep(), person: keep(), note: keep() } },
    references: [{ from: "orders.person", to: "people.id" }],
    subset: { people: { percent: 30, by: "id" } },
  }) as Policy;

const run = (target: string, options: RefreshOptions = {}) => refresh(policyTo(target), { key, ...options });

const picture = (folder: string) =>
  Object.fromEntries(
    readdirSync(folder)
      .sort()
      .map((name) => [name, readFileSync(join(folder, name), "utf8")]),
  );

it("a subset of files that is stopped and gone on with is, to the byte, one that begins then, and keeps what is the same", async () => {
  writeSource(NOTE);
  const stop = new AbortController();
  let moved = 0;
  const onProgress: RefreshOptions["onProgress"] = (event) => {
    if (event.type === "rows" && event.table === "orders") moved += event.rows;
    if (moved > ORDERS * 0.3 * 0.6) stop.abort();
  };
  const stopped = await run(target, { resumable: true, signal: stop.signal, onProgress }).catch((error: unknown) => error);
  expect(stopped).toMatchObject({ code: "ABORTED", isResumable: true });
  expect(readdirSync(target).filter((name) => name.endsWith(".csv"))).toEqual([]);

  writeSource("changed");
  const { keptRows, rows } = await run(target, { resume: true });
  expect(keptRows).toBeGreaterThan(ORDERS * 0.3 * 0.2);
  expect(keptRows).toBeLessThan(rows);
  await run(fresh);
  expect(picture(target)).toEqual(picture(fresh));
}, 60_000);
