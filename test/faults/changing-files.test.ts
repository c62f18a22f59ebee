import { copyFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { csvSink, csvSource } from "../../src/connectors/csv/index.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { runToEnd } from "./fault-run.ts";
import { type Files, LINES, withFiles } from "./files.ts";
import { drawnPoint, SEEDS } from "./seeds.ts";
import { strikeAt } from "./strike.ts";

const before = { "events.csv": "as it was" };

/** Copies the files, and does something when a row is on its way. */
async function copy({ source, target }: Files, strike: (file: string) => void = () => {}, row = LINES / 2) {
  const { note } = strikeAt(row, () => strike(join(source, "events.csv")));
  const tables = { events: { id: keep(), code: keep(), note }, visits: { id: keep(), event: keep() } };
  return runToEnd({ source: csvSource({ paths: source }), target: csvSink({ folder: target }) }, { tables });
}

describe("a file that does not stay as it is while it is read", () => {
  it.each([
    ["is cut", (file: string) => truncateSync(file, 1_500_000)],
    ["grows", (file: string) => writeFileSync(file, "99999,x,y\n", { flag: "a" })],
    [
      "is rotated",
      (file: string) => {
        renameSync(file, `${file}.1`);
        writeFileSync(file, "id,code,note\n1,2,3\n");
      },
    ],
    ["is taken away", (file: string) => rmSync(file)],
  ])("P09: stops the run where it %s, and the target is as it was", (_, strike) =>
    withFiles(async (files) => {
      const { error } = await copy(files, strike);
      expect(["SOURCE_FAILED", "FORMAT_INVALID"], error?.message).toContain(error?.code);
      expect(error!.file).toContain("events.csv");
      expect(files.content()).toEqual(before);
    }),
  );
});

describe("a packed file that is not whole", () => {
  const packed = (files: Files, change: (bytes: Buffer) => Buffer) => {
    const file = join(files.source, "events.csv");
    writeFileSync(`${file}.gz`, change(gzipSync(readFileSync(file))));
    rmSync(file);
  };

  it("P09: cut at a random byte, stops the run", { timeout: 600_000 }, async () => {
    for (const seed of SEEDS)
      await withFiles(async (files) => {
        packed(files, (bytes) => bytes.subarray(0, bytes.length - drawnPoint("cut", seed, bytes.length - 1)));
        const { error } = await copy(files);
        expect(error?.code).toMatch(/^(SOURCE_FAILED|FORMAT_INVALID|SOURCE_UNREACHABLE)$/);
        expect(files.content()).toEqual(before);
      });
  });

  it("P09: with one byte that is another, at random, stops the run", { timeout: 600_000 }, async () => {
    for (const seed of SEEDS)
      await withFiles(async (files) => {
        packed(files, (bytes) => {
          // Behind the header, whose time and system anybody may write.
          const at = 10 + drawnPoint("flip", seed, bytes.length - 11);
          bytes[at] = bytes[at]! ^ 0x10;
          return bytes;
        });
        const { error } = await copy(files);
        expect(error).not.toBe(null);
        expect(files.content()).toEqual(before);
      });
  });

  it("P09: with two members, is read whole; with something behind them, stops the run", () =>
    withFiles(async (files) => {
      packed(files, () => Buffer.concat([gzipSync("id,code,note\n1,a,b\n"), gzipSync("2,c,d\n")]));
      const file = join(files.source, "events.csv.gz");
      copyFileSync(file, join(files.home, "whole.gz"));
      const { report } = await copy(files);
      expect(report?.tables.map(({ rows }) => rows)).toEqual([2, 1]);
      writeFileSync(file, Buffer.concat([readFileSync(join(files.home, "whole.gz")), Buffer.from("rest")]));
      const { error } = await copy(files);
      expect(error?.code).toBe("SOURCE_FAILED");
    }));
});
