import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { importModule, importPlugin } from "../../src/cli/import-module.ts";
import { csvSink, csvSource } from "../../src/connectors/csv/index.ts";
import type { Rule } from "../../src/contracts.ts";
import { loadPolicy } from "../../src/policy/read/load-policy.ts";
import { refresh } from "../../src/refresh.ts";
import { checkTransform } from "../../src/testing/index.ts";
import { spawnNode } from "../cli/spawned-command.ts";
import { stagePackage } from "../cli/staged-package.ts";
import { TEST_KEY } from "../test-key.ts";
import { blockWith } from "./readme-blocks.ts";

const { folder: staged } = await stagePackage();

const PAGE = "docs/plug-ins.md";
const folder = mkdtempSync(join(tmpdir(), "standin-plug-ins-"));
afterAll(() => rmSync(folder, { recursive: true }));

writeFileSync(join(folder, "masks.ts"), blockWith(PAGE, "ts", "// masks.ts"));
writeFileSync(join(folder, "standin.policy.yaml"), blockWith(PAGE, "yaml", "plugins:"));
writeFileSync(join(folder, "players.csv"), "id,age,team,captain\n1,43,Night Owls,Jane\n2,17,Foxes,Mo\n3,200,Night Owls,Ana\n");

describe(PAGE, () => {
  it("shows a plug-in and a policy that mask", async () => {
    const { policy } = await loadPolicy(undefined, folder, importModule, { importPlugin });
    const types = { players: { age: "integer" as const } };
    const source = csvSource({ paths: join(folder, "players.csv"), types });
    const target = join(folder, "masked");
    await refresh({ ...policy, source, target: csvSink({ folder: target }) }, { key: TEST_KEY });
    const rows = readFileSync(join(target, "players.csv"), "utf8").trimEnd().split("\n");
    expect(rows[0]).toBe("id,age,team,captain");
    expect(rows[1]).toMatch(/^1,40,[A-Z]+-\d+,[a-z]+-\d+$/);
    expect(rows[2]).toMatch(/^2,15,[A-Z]+-\d+,\*\*$/);
    expect(rows[3]).toMatch(/^3,,[A-Z]+-\d+,[a-z]+-\d+$/);
    expect(rows[3]!.split(",")[2]).toBe(rows[1]!.split(",")[2]);
  });

  it("shows an exam that the plug-in passes", async () => {
    const exam = blockWith(PAGE, "ts", "// masks.test.ts");
    const { roundAge, colourName } = (await importPlugin("./masks.ts", join(folder, "standin.policy.yaml"))) as {
      readonly [name: string]: (options?: object) => Rule;
    };
    expect(exam).toContain('checkTransform(roundAge({ to: 5 }), { column: "integer"');
    expect(
      await checkTransform(roundAge!({ to: 5 }), { column: "integer", values: ["41", "42", "0", "97", "-3", null] }),
    ).toEqual([]);
    expect(await checkTransform(colourName!())).toEqual([]);
  });

  it("shows an exam in another process, which finds what depends on the machine", async () => {
    const place = mkdtempSync(join(staged, "masks-"));
    const masks = blockWith(PAGE, "ts", "// masks.ts");
    writeFileSync(join(place, "masks.elsewhere.test.ts"), blockWith(PAGE, "ts", "openOtherProcess"));
    const examine = () => {
      const parameters = ["--import", import.meta.resolve("jiti/register"), join(place, "masks.elsewhere.test.ts")];
      return spawnNode(parameters, { cwd: place, env: {} }).finished;
    };
    writeFileSync(join(place, "masks.ts"), masks);
    expect(await examine()).toMatchObject({ code: 0, stderr: "" });
    const local = masks.replace("colour.toUpperCase()", "colour").replace(": colour}-", ": colour + new Date(0).getHours()}-");
    expect(local).not.toBe(masks);
    writeFileSync(join(place, "masks.ts"), local);
    expect((await examine()).stderr).toMatch(/gives another output in another process \(row \d+\)/);
  });
});
