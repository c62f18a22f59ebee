import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { parse } from "yaml";
import { TEST_KEY } from "../test-key.ts";
import { jsonLines, spawnNode } from "./spawned-command.ts";
import { stagePackage } from "./staged-package.ts";

const { command } = await stagePackage();

let folder: string;
const standin = (parameters: readonly string[], env: Record<string, string | undefined> = {}) =>
  spawnNode([command, ...parameters], { cwd: folder, env: { STANDIN_KEY: TEST_KEY, PROD_URL: undefined, ...env } }).finished;
const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
const read = (name: string) => readFileSync(join(folder, name), "utf8");

const CUSTOMERS = "id,first_name,email,plan\n1,Canaryana,canary.ana@acme.com,free\n2,Canarybo,canary.bo@acme.com,paid\n";
const ORDERS = "id,customer_email,total\n1,canary.ana@acme.com,12.50\n2,canary.bo@acme.com,3.00\n";

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "standin-init-"));
  mkdirSync(join(folder, "in"));
  write("in/customers.csv", CUSTOMERS);
  write("in/orders.csv", ORDERS);
});
afterEach(() => rmSync(folder, { recursive: true }));

describe("standin init", () => {
  it.each(["standin.policy.ts", "standin.policy.yaml"])("writes %s, by which plan and run work at once", async (name) => {
    const { code, stdout, stderr } = await standin(["init", "--source", "in", "--output", name]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toContain(`${name}: 2 tables, 7 columns`);
    expect(stdout).toMatch(/customers +masks first_name, email · keeps 2/);
    expect(await standin(["plan"])).toMatchObject({ code: 0, stderr: "" });
    const run = await standin(["run"]);
    expect(run).toMatchObject({ code: 0 });
    expect(read("masked/customers.csv")).not.toContain("anary");
    expect(read("masked/customers.csv")).toContain("paid");
  });

  it("says what is left to do, with what is set already left out", async () => {
    const first = await standin(["init", "--source", "in"], { STANDIN_KEY: undefined });
    const steps = first.stdout.slice(first.stdout.indexOf("Next:"));
    expect(steps).toMatch(
      /read standin\.policy\.ts .*\n +see to masked\/ .*\n +set STANDIN_KEY .*keygen.*\n +npx standin plan .*\n +npx standin preview customers .*\n +npx standin check --write .*\n +npx standin run /,
    );
    for (const line of steps.split("\n")) expect(line.length, line).toBeLessThanOrEqual(80);
    // The commands would take the policy that is there for theirs.
    const second = await standin(["init", "--source", "in", "--output", "other.yaml"]);
    expect(second.stdout).toContain("npx standin plan --policy other.yaml");
    expect(second.stdout).not.toContain("set STANDIN_KEY");
  });

  it("says of every column how sure it is, and why", async () => {
    await standin(["init", "--source", "in"]);
    const policy = read("standin.policy.ts");
    for (const column of ["first_name", "email", "plan", "customer_email", "total"])
      expect(policy).toMatch(new RegExp(`^ +${column}: \\w+\\(.*\\), // [01]\\.\\d\\d`, "m"));
  });

  it("writes no value of a row anywhere", async () => {
    const printed = await standin(["init", "--source", "in", "--json"]);
    for (const text of [printed.stdout, printed.stderr, read("standin.policy.ts")]) expect(text).not.toMatch(/anary|12\.50/);
  });

  it("names variables in the place of a URL, which may hold a password", async () => {
    const { code, stdout, stderr } = await standin(["init", "--source", "postgres://me:hunter2@127.0.0.1:1/shop"]);
    expect(code).toBe(1);
    expect(stdout + stderr).toContain("SOURCE_UNREACHABLE");
    expect(stdout + stderr).not.toContain("hunter2");
    expect((await standin(["init"], { PROD_URL: "in" })).code).toBe(0);
  });

  it("speaks JSON", async () => {
    const { stdout } = await standin(["init", "--source", "in", "--json"]);
    const [proposal, ...more] = jsonLines(stdout);
    expect(more).toEqual([]);
    expect(proposal).toMatchObject({ type: "proposal", file: "standin.policy.ts", isNew: true, source: "csv" });
    const [customers] = proposal!.tables as { table: string; columns: Record<string, unknown>[] }[];
    expect(customers).toMatchObject({ table: "customers" });
    expect(customers!.columns[2]).toMatchObject({ column: "email", decision: "mask", kind: "email", transform: "fake" });
  });

  it.each([
    [[], "LOCATION_INVALID", "--source"],
    [["--source", "nowhere"], "SOURCE_UNREACHABLE", "path"],
    [["--source", "in", "--rows", "0"], "OPTION_INVALID", "--rows"],
    [["--source", "in", "--output", "policy.json"], "OPTION_INVALID", ".yaml"],
    [["--source", "in", "--output", "no/such/folder.ts"], "OPTION_INVALID", "folder"],
    [["--source", "in", "--output", "in/orders.csv"], "OPTION_INVALID", ".yaml"],
  ])("refuses %j with one message and a hint, and writes nothing", async (parameters, code, hint) => {
    const refused = await standin(["init", ...parameters]);
    expect(refused).toMatchObject({ code: 1, stdout: "" });
    expect(refused.stderr).toContain(`[${code}]`);
    expect(refused.stderr).toContain(hint);
    expect(() => read("standin.policy.ts")).toThrow();
    expect(read("in/orders.csv")).toBe(ORDERS);
  });
});

const DECIDED = `# ours
source: in
target: out
tables:
  customers:   # the people
    id: {keep: "a number"}   # decided in May
    email:
      redact: { keepLast: 4 }
    first_name: keep # a person has looked
    plan: keep

  # the rest
  orders: { id: keep, customer_email: redact, total: keep }
`;

describe("standin init over a policy that is there", () => {
  beforeEach(() => write("standin.policy.yaml", DECIDED));

  it("says so where nothing is new, and leaves every byte", async () => {
    const { code, stdout } = await standin(["init"]);
    expect({ code, stdout }).toEqual({ code: 0, stdout: "standin.policy.yaml decides about every column of the source.\n" });
    expect(read("standin.policy.yaml")).toBe(DECIDED);
  });

  it("adds new columns and tables to YAML, marks them, and leaves every byte that was there", async () => {
    write("in/customers.csv", CUSTOMERS.replace("plan", "plan,phone").replaceAll(/(free|paid)/g, "$1,+49 30 901820"));
    write("in/staff.csv", "id,last_name\n1,Canary\n");
    const { code, stdout } = await standin(["init"]);
    expect(code).toBe(0);
    expect(stdout).toContain("standin.policy.yaml: added 3 columns: 2 masked, 1 kept");
    const text = read("standin.policy.yaml");
    const added = text.split("\n").filter((line) => !DECIDED.split("\n").includes(line));
    expect(added).toEqual([
      expect.stringMatching(/^ {4}phone: .* # new: [01]\.\d\d phone/),
      expect.stringMatching(/^ {2}staff: # new: table/),
      expect.stringMatching(/^ {4}id: \{ keep: .* \} # [01]\.\d\d/),
      expect.stringMatching(/^ {4}last_name: \{ fake: person.lastName \} # [01]\.\d\d lastName/),
    ]);
    expect(
      text
        .split("\n")
        .filter((line) => !added.includes(line))
        .join("\n"),
    ).toBe(DECIDED);
    expect(parse(text).tables.customers).toMatchObject({ first_name: "keep", phone: expect.anything() });
    expect((await standin(["plan"])).code).toBe(0);
    expect((await standin(["init"])).stdout).toContain("decides about every column");
    expect(text).not.toContain("901820");
  });

  it("prints what it cannot add: into a map in one line, and into code", async () => {
    write("in/orders.csv", ORDERS.replace("total", "total,phone").replaceAll("0\n", "0,+49 30 901820\n"));
    const yaml = await standin(["init"]);
    expect(yaml.stdout).toMatch(/into tables → orders:\n +phone: /);
    expect(read("standin.policy.yaml")).toBe(DECIDED);
    rmSync(join(folder, "standin.policy.yaml"));
    const code = `import { keep, redact } from "standin";
export default { source: "in", target: "out", tables: { customers: { id: keep(), email: redact(), first_name: redact(), plan: keep() } } };\n`;
    write("standin.policy.ts", code);
    const patch = await standin(["init"]);
    expect(patch.stdout).toMatch(/into tables:\n +orders: \{\n +\/\/ customer_email, phone: .*\n +id: keep\(".*"\), \/\/ .*\n/);
    expect(read("standin.policy.ts")).toBe(code);
  });

  it("tells what the policy names and the source no longer has", async () => {
    write("in/customers.csv", CUSTOMERS.replace("plan", "tier"));
    rmSync(join(folder, "in/orders.csv"));
    const { code, stdout } = await standin(["init"]);
    expect(code).toBe(0);
    expect(stdout).toContain("customers has no column plan");
    expect(stdout).toContain("no table orders");
    expect(read("standin.policy.yaml")).toContain("    plan: keep\n    tier: ");
  });

  it("gives a new column the rule of the one whose values it holds", async () => {
    write("in/tickets.csv", "id,customers_email\n1,canary.ana@acme.com\n2,canary.bo@acme.com\n");
    const rows = Array.from({ length: 20 }, (_, id) => `${id},Canary,canary${id}@acme.com,free`);
    write("in/customers.csv", `id,first_name,email,plan\n${rows.join("\n")}\n`);
    write("in/tickets.csv", `id,customers_email\n${rows.map((_, id) => `${id},canary${id}@acme.com`).join("\n")}\n`);
    await standin(["init"]);
    expect(parse(read("standin.policy.yaml")).tables.tickets.customers_email).toEqual({ redact: { keepLast: 4 } });
  });
});
