import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { TEST_KEY } from "../test-key.ts";
import { jsonLines, spawnNode, spawnProgram } from "./spawned-command.ts";
import { stagePackage } from "./staged-package.ts";

const { command } = await stagePackage();
const folder = mkdtempSync(join(tmpdir(), "standin-pipe-"));
afterAll(() => rmSync(folder, { recursive: true }));
writeFileSync(
  join(folder, "standin.policy.yaml"),
  "tables: { users: { id: keep, email: redact, note: tokenize }, visits: { id: keep }, audit: skip }\n",
);

const PIPE = [command, "pipe", "--format", "csv", "--table", "users"];
const env = { STANDIN_KEY: TEST_KEY };
const pipe = (input: string, more: readonly string[] = [], key: string | undefined = TEST_KEY) =>
  spawnNode([...PIPE, ...more], { cwd: folder, env: { STANDIN_KEY: key }, input }).finished;

describe("standin pipe --format csv", () => {
  it("masks one table from stdin to stdout and leaves every other byte alone", async () => {
    const { code, stdout, stderr } = await pipe('id;email;note\r\n"1";jo@acme.com;\r\n 2 ;"a;b";""\r\n');
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe('id;email;note\r\n"1";***********;\r\n 2 ;"***";""\r\n');
  });

  it("gives the rows alone on stdout under --json, and tells of the run on stderr", async () => {
    const { code, stdout, stderr } = await pipe("id,email,note\n1,canary,x\n", ["--json"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: expect.stringMatching(/^id,email,note\n1,\*{6},\S+\n$/) });
    const lines = jsonLines(stderr);
    expect(lines.map(({ type }) => type)).toEqual(["planned", "table-started", "rows", "table-finished", "publishing", "report"]);
    expect(lines.at(-1)).toMatchObject({ rows: 1, tables: [{ table: "users", rows: 1 }] });
    expect(stderr).not.toContain("canary");
  });

  it.each([
    ["no key", "id,email,note\n1,canary,x\n", [], "", 1, "KEY_REQUIRED"],
    ["a column without a rule", "id,email,note,ssn\n1,canary,x,canary\n", [], TEST_KEY, 1, "COLUMN_UNCOVERED"],
    ["no header", "", [], TEST_KEY, 1, "FORMAT_INVALID"],
    ["a table that the policy has not", "id\n1\n", ["--table", "usres"], TEST_KEY, 1, "TABLE_UNKNOWN"],
    ["a table that the policy skips", "id\n1\n", ["--table", "audit"], TEST_KEY, 1, "TABLE_UNKNOWN"],
    ["a quote without an end", 'id,email,note\n1,a,b\n2,"canary', [], TEST_KEY, 2, "FORMAT_INVALID"],
    ["too many fields", "id,email,note\n1,a,b\n2,canary,b,canary\n", [], TEST_KEY, 2, "FORMAT_INVALID"],
  ])("refuses %s", async (_what, input, more, key, exit, code) => {
    const plain = await pipe(input, more, key);
    expect(plain.code).toBe(exit);
    expect(plain.stderr.match(/✗/g)).toHaveLength(1);
    expect(plain.stderr).toContain(`[${code}]`);
    if (exit === 1) expect(plain.stdout).toBe("");
    else expect(plain.stderr).toContain("do not use them");
    const json = await pipe(input, [...more, "--json"], key);
    expect(JSON.stringify(jsonLines(json.stderr).at(-1))).toContain(`"code":"${code}"`);
    for (const text of [plain.stderr, json.stderr, plain.stdout]) expect(text).not.toContain("canary");
  });

  it("masks JSON Lines, where a key that the policy names may come late", async () => {
    const input = '{"id": 1, "email": "jo@acme.com"}\r\n{ "note":null,"id":1e5}\n';
    const jsonl = ["pipe", "--format", "jsonl", "--table", "users"];
    const { code, stdout, stderr } = await spawnNode([command, ...jsonl], { cwd: folder, env, input }).finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toBe(input.replace("jo@acme.com", "***********"));
    const more = await spawnNode([command, ...jsonl], { cwd: folder, env, input: `${input}{"canary":"canary"}` }).finished;
    expect({ code: more.code, stdout: more.stdout }).toEqual({ code: 1, stdout: "" });
  });

  it("names the formats that it knows", async () => {
    const { code, stderr } = await spawnNode([command, "pipe", "--format", "xml"], { cwd: folder, env }).finished;
    expect(code).toBe(1);
    expect(stderr).toBe(
      '✗ pipe knows no format "xml". [SYSTEMS_UNSUPPORTED]\n  → Use --format csv, jsonl, pg_dump or mysqldump.\n',
    );
  });

  it("gives the first rows while the input is still open", async () => {
    const running = spawnNode(PIPE, { cwd: folder, env });
    running.process.stdin!.write(`id,email,note\n${"1,early,x\n".repeat(60_000)}`);
    await running.seen(/1,\*{5},/);
    running.process.stdin!.end("2,late,x\n");
    const { code, stdout } = await running.finished;
    expect(code).toBe(0);
    expect(stdout.trimEnd().split("\n")).toHaveLength(60_002);
  });

  it("takes no more input than a slow reader takes output", async () => {
    const child = spawn(process.execPath, PIPE, { cwd: folder, env: { ...process.env, ...env } });
    child.stdin.write("id,email,note\n");
    const chunk = "1,somebody@example.com,note\n".repeat(10_000);
    const total = 60 * chunk.length;
    let [taken, isStuck] = [0, false];
    // Nobody reads its output: at some point it must stop reading its input.
    while (taken < total && !isStuck) {
      const isFull = !child.stdin.write(chunk);
      taken += chunk.length;
      if (isFull) isStuck = await Promise.race([once(child.stdin, "drain").then(() => false), later(1500).then(() => true)]);
    }
    expect(isStuck).toBe(true);
    expect(taken).toBeLessThan(total / 2);
    let rows = 0;
    child.stdout.on("data", (bytes: Buffer) => {
      for (const byte of bytes) if (byte === 10) rows++;
    });
    child.stdin.end();
    const [code] = await once(child, "close");
    expect({ code, rows }).toEqual({ code: 0, rows: 1 + (taken / chunk.length) * 10_000 });
  });

  it("stops with one message when its reader goes away", async () => {
    const running = spawnNode(PIPE, { cwd: folder, env, limitMilliseconds: 15_000 });
    running.process.stdout!.once("data", () => running.process.stdout!.destroy());
    running.process.stdin!.write("id,email,note\n");
    for (let chunk = 0; chunk < 100; chunk++) running.process.stdin!.write("1,canary@example.com,note\n".repeat(5000));
    running.process.stdin!.end();
    const { code, stderr } = await running.finished;
    expect(code).toBe(2);
    expect(stderr).toMatch(/^✗ The output was closed before all rows were written\. \[SINK_FAILED\]\n/);
    expect(stderr).not.toMatch(/canary|EPIPE| {4}at /);
  });

  it("stops on SIGINT with 130", async () => {
    const running = spawnNode(PIPE, { cwd: folder, env, limitMilliseconds: 15_000 });
    running.process.stdin!.write(`id,email,note\n${"1,early,x\n".repeat(60_000)}`);
    await running.seen(/1,\*{5},/);
    running.process.kill("SIGINT");
    const { code, stderr } = await running.finished;
    expect(code).toBe(130);
    expect(stderr).toContain("[ABORTED]");
  });
});

describe("standin pipe --format pg_dump", () => {
  const HEAD =
    "SET standard_conforming_strings = on;\nCREATE TABLE public.users (id integer, email text, note text);\nCREATE TABLE public.audit (who text);\n";
  const COPY = "COPY public.users (id, email, note) FROM stdin;\n";
  const dump = (input: string, more: readonly string[] = []) =>
    spawnNode([command, "pipe", "--format", "pg_dump", "--policy", "dump.policy.yaml", ...more], { cwd: folder, env, input })
      .finished;
  writeFileSync(
    join(folder, "dump.policy.yaml"),
    "tables: { users: { id: keep, email: redact, note: tokenize }, audit: skip }\n",
  );

  it("masks rows, leaves out those of tables that are not copied and tells of them, and leaves every other byte alone", async () => {
    const { code, stdout, stderr } = await dump(
      `${HEAD}${COPY}1\tjo@acme.com\t\\N\n\\.\nCOPY public.audit (who) FROM stdin;\ncanary\n\\.\n-- end\n`,
    );
    expect({ code, stderr }).toEqual({ code: 0, stderr: "left out 1 row of audit, which the policy does not copy\n" });
    expect(stdout).toBe(`${HEAD}${COPY}1\t***********\t\\N\n\\.\nCOPY public.audit (who) FROM stdin;\n\\.\n-- end\n`);
  });

  it("knows all before the first byte by --schema, and takes none of the options of tables alone", async () => {
    writeFileSync(join(folder, "schema.sql"), `${HEAD}ALTER TABLE ONLY public.users ADD CONSTRAINT u UNIQUE (email);\n`);
    const early = await dump(`SET standard_conforming_strings = on;\n${COPY}1\tcanary\tx\n\\.\n`, ["--schema", "schema.sql"]);
    expect({ code: early.code, stdout: early.stdout }).toEqual({ code: 1, stdout: "" });
    expect(early.stderr).toContain("[UNIQUENESS_LOST]");
    const late = await dump(
      `${HEAD}${COPY}${"1\tcanary\tx\n".repeat(60_000)}\\.\nALTER TABLE ONLY public.users ADD CONSTRAINT u UNIQUE (email);\n`,
    );
    expect({ code: late.code, stdout: late.stdout }).toEqual({ code: 2, stdout: expect.stringContaining("RAISE EXCEPTION") });
    expect(`${early.stderr}${late.stderr}${late.stdout}`).not.toContain("canary");
    expect((await dump("", ["--table", "users"])).stderr).toContain("[OPTION_INVALID]");
    expect((await pipe("id\n", ["--schema", "schema.sql"])).stderr).toContain("[OPTION_INVALID]");
  });

  it("refuses an input of nothing, and tells a disk that is full from a reader that is gone", async () => {
    const empty = await dump("");
    expect({ code: empty.code, stdout: empty.stdout }).toEqual({ code: 1, stdout: "" });
    expect(empty.stderr).toMatch(/^✗ The dump is empty\. \[DUMP_INVALID\]\n/);
    if (!existsSync("/dev/full")) return;
    writeFileSync(join(folder, "full.sql"), `${HEAD}${COPY}1\tcanary\tx\n\\.\n`);
    const line = `"${process.execPath}" "${command}" pipe --format pg_dump --policy dump.policy.yaml < full.sql > /dev/full`;
    const full = await spawnProgram("sh", ["-c", line], { cwd: folder, env }).finished;
    expect(full.code).toBe(2);
    expect(full.stderr).toMatch(/^✗ The output cannot be written to \(ENOSPC\)\. \[SINK_FAILED\]\n/);
    expect(full.stderr).not.toContain("canary");
  });

  it("says a last word to its reader when it is stopped by SIGINT", async () => {
    const running = spawnNode([command, "pipe", "--format", "pg_dump", "--policy", "dump.policy.yaml"], {
      cwd: folder,
      env,
      limitMilliseconds: 15_000,
    });
    running.process.stdin!.write(`${HEAD}${COPY}${"1\tearly\tx\n".repeat(100_000)}`);
    await running.seen(/1\t\*{5}\t/);
    running.process.kill("SIGINT");
    const { code, stdout, stderr } = await running.finished;
    expect(code).toBe(130);
    expect(stderr).toContain("[ABORTED]");
    expect(stdout).toMatch(/standin: failed here\t{1}[\s\S]*\n\\\.\n[\s\S]*RAISE EXCEPTION/);
  });
});

function later(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
