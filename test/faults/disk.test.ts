import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { jsonLines, spawnProgram } from "../cli/spawned-command.ts";
import { stagePackage } from "../cli/staged-package.ts";
import { describeWhere } from "../servers/describe-where.ts";
import { TEST_KEY } from "../test-key.ts";
import { CANARY } from "./fault-system.ts";
import { type Files, withFiles } from "./files.ts";
import { drawnPoint, SEEDS } from "./seeds.ts";

const { command } = await stagePackage();

/** The command in a shell that does something before. */
async function runAfter(setUp: string, { home }: Files, shell: readonly string[] = ["sh", "-c"]) {
  const [program, ...parameters] = shell;
  const script = `${setUp}; "${process.execPath}" "${command}" run --json; code=$?; ls -A out >&2; exit $code`;
  const finished = await spawnProgram(program!, [...parameters, script], { cwd: home, env: { STANDIN_KEY: TEST_KEY } }).finished;
  expect(finished.stdout + finished.stderr).not.toContain(CANARY);
  return { ...finished, files: finished.stderr.trim().split("\n"), error: jsonLines(finished.stdout).at(-1) };
}

/** A mount table of its own, in which a small disk goes when its last process does. */
const OWN_MOUNTS = ["unshare", "-rm", "sh", "-c"];
const canMount = spawnSync("unshare", ["-rm", "mount", "-t", "tmpfs", "none", "/mnt"]).status === 0;
const describeWithMounts = (name: string, suite: () => void) =>
  describeWhere(canMount, "No small disk to fill", "let `unshare -rm` mount one", name, suite);

describeWithMounts("a small disk", () => {
  it(
    "P05: that is full at a random byte, stops the run with the file's name and leaves what was there",
    { timeout: 600_000 },
    () =>
      withFiles(async (files) => {
        for (const seed of SEEDS) {
          const kilobytes = 8 + drawnPoint("P05", seed, 1900);
          const {
            code,
            error,
            files: left,
          } = await runAfter(
            `mount -t tmpfs -o size=${kilobytes}k none out && echo "as it was" > out/events.csv`,
            files,
            OWN_MOUNTS,
          );
          expect({ code, left }, `${kilobytes} kB`).toEqual({ code: 2, left: ["events.csv"] });
          expect(error).toMatchObject({ type: "error", code: "SINK_FAILED", phase: "during" });
          expect(String(error!.message)).toMatch(/out\/events\.csv.* could not be written: the disk is full/);
        }
      }),
  );

  it("P06: that is read-only, refuses the run with the reason", () =>
    withFiles(async (files) => {
      const { code, error, files: left } = await runAfter("mount -t tmpfs -o ro none out", files, OWN_MOUNTS);
      expect({ code: code === 0, left }).toEqual({ code: false, left: [""] });
      expect(error).toMatchObject({ code: "SINK_FAILED" });
      expect(String(error!.message)).toContain("read-only");
    }));
});

describe("a target's folder", () => {
  const before = { "events.csv": "as it was" };

  it("P06: in which a folder has the name of a file, stays as it is", () =>
    withFiles(async (files) => {
      mkdirSync(join(files.target, "visits.csv"));
      const { code, error } = await runAfter("true", files);
      expect(code).toBe(1);
      expect(error).toMatchObject({ code: "TARGET_UNREACHABLE", phase: "before" });
      expect(files.content()).toEqual({ ...before, "visits.csv": "(no file)" });
    }));

  it("P06: in which a link has the name of a file, gets a file, and what the link points to stays as it is", () =>
    withFiles(async (files) => {
      const precious = join(files.home, "precious.txt");
      writeFileSync(precious, "precious");
      symlinkSync(precious, join(files.target, "visits.csv"));
      const { code } = await runAfter("true", files);
      expect(code).toBe(0);
      expect(execFileSync("cat", [precious], { encoding: "utf8" })).toBe("precious");
      expect(files.content()["visits.csv"]).toBe("id,event\n1,1\n");
      expect(Object.keys(files.content()).sort()).toEqual(["events.csv", "visits.csv"]);
    }));

  it("P06: that may not be written to, is left alone with the reason", () =>
    withFiles(async (files) => {
      // Root may write anywhere, until that is taken from it.
      const isRoot = process.getuid?.() === 0;
      const drop = ["setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"];
      const shell = [...(isRoot ? drop : []), "sh", "-c"];
      execFileSync("chmod", ["555", files.target]);
      const { code, error } = await runAfter("true", files, shell);
      execFileSync("chmod", ["755", files.target]);
      expect(code).not.toBe(0);
      expect(error).toMatchObject({ code: "SINK_FAILED" });
      expect(String(error!.message)).toContain("may not be written");
      expect(files.content()).toEqual(before);
    }));

  it("P06: gets its files from a process that may open few", () =>
    withFiles(async (files) => {
      // Node.js opens the files of a program all at once: fewer are not enough for it to begin.
      const { code } = await runAfter("ulimit -n 90", files);
      expect(code).toBe(0);
      expect(Object.keys(files.content()).sort()).toEqual(["events.csv", "visits.csv"]);
    }));
});
