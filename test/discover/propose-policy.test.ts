import ts from "typescript";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import type { ColumnValues, DataSchema, Table } from "../../src/contracts.ts";
import { TYPESCRIPT, YAML } from "../../src/discover/propose/policy-language.ts";
import type { Proposal, ProposedColumn } from "../../src/discover/propose/proposal.ts";
import { proposePolicy } from "../../src/discover/propose/propose-policy.ts";
import { writePolicy } from "../../src/discover/propose/write-policy.ts";
import type { Samples } from "../../src/discover/sample-tables.ts";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { column, database, EMPTY_TARGET, foreignKey, integerColumn, primaryKey, table } from "../plan/schemas.ts";

const emails = (count: number, from = 0) => Array.from({ length: count }, (_, index) => `person${from + index}@acme.com`);
const numbers = (count: number) => Array.from({ length: count }, (_, index) => String(index + 1));

/** Samples as an object of values by `table.column`. */
function samplesOf(values: Readonly<Record<string, ColumnValues>>, isWhole = true): Samples {
  return { notes: [], isWhole: () => isWhole, values: (of: Table, name) => values[`${of.ref.name}.${name}`] ?? [] };
}

const NO_SAMPLES = samplesOf({});
const PLACES = { source: { path: "in" }, target: { path: "out" } };

const found = (proposal: Proposal, table: string, name: string): ProposedColumn =>
  proposal.tables.find((one) => one.name === table)!.columns.find(({ column }) => column.name === name)!;

/** What the plan of a written proposal has against it, apart from open decisions. */
async function errorsOf(schema: DataSchema, samples: Samples): Promise<string[]> {
  const text = writePolicy(await proposePolicy(schema, samples), PLACES, YAML);
  const { findings } = compilePlan(parsePolicy(parse(text)), schema, EMPTY_TARGET);
  return findings.filter(({ severity, code }) => severity === "error" && code !== "REVIEW_NEEDED").map(({ message }) => message);
}

const SHOP = database(
  table("customers", [integerColumn("id"), column("email", { nullable: false }), column("age_in_days", { isGenerated: true })], {
    uniqueKeys: [primaryKey("id"), { name: "email_key", columns: ["email"], isPrimary: false, isPartial: false }],
  }),
  table(
    "orders",
    [integerColumn("id"), integerColumn("customer_id"), column("customer_email"), column("total", { kind: "decimal" })],
    {
      uniqueKeys: [primaryKey("id")],
      foreignKeys: [foreignKey("customer_id", "customers")],
    },
  ),
);
const SHOP_ROWS = {
  "customers.id": numbers(50),
  "customers.email": emails(50),
  "orders.id": numbers(50),
  "orders.customer_email": [...emails(40), null],
  "orders.total": numbers(50).map((number) => `${number}.50`),
};

describe("proposePolicy", () => {
  it("decides about every column, and leaves foreign keys and computed columns without a rule", async () => {
    const proposal = await proposePolicy(SHOP, samplesOf(SHOP_ROWS));
    expect(proposal.tables.map(({ columns }) => columns.map(({ decision }) => decision))).toEqual([
      ["keep", "mask", "generated"],
      ["keep", "inherit", "mask", "keep"],
    ]);
    for (const { columns } of proposal.tables) {
      for (const { reason, confidence } of columns) {
        expect(reason).not.toBe("");
        expect(confidence).toBeGreaterThan(0);
        expect(confidence).toBeLessThanOrEqual(1);
      }
    }
    expect(found(proposal, "orders", "customer_id").reason).toBe("references customers.id");
  });

  it("gives columns that no foreign key joins, but their values do, one rule in one domain", async () => {
    const proposal = await proposePolicy(SHOP, samplesOf(SHOP_ROWS));
    const [to, from] = [found(proposal, "customers", "email"), found(proposal, "orders", "customer_email")];
    // The one is unique and the other is not: by themselves they would map differently.
    expect(to.rule).toEqual({ transform: "fake", options: { path: "internet.email", unique: true, domain: "customers.email" } });
    expect(from).toMatchObject({ rule: to.rule, sharesWith: "customers.email", confidence: 1 });
    expect(from.reason).toContain("please confirm");
  });

  it("goes by the names alone where samples of large tables cannot meet, and not where they could have met", async () => {
    const strangers = { ...SHOP_ROWS, "orders.customer_email": emails(40, 1000) };
    const large = await proposePolicy(SHOP, samplesOf(strangers, false));
    expect(found(large, "orders", "customer_email").sharesWith).toBe("customers.email");
    const small = await proposePolicy(SHOP, samplesOf(strangers, true));
    expect(found(small, "orders", "customer_email").sharesWith).toBeNull();
  });

  it("does not take two keys of one name for one thing, unless their values say so", async () => {
    const keyed = (name: string) =>
      table(name, [column("email")], {
        uniqueKeys: [{ name: `${name}_key`, columns: ["email"], isPrimary: false, isPartial: false }],
      });
    const schema = database(keyed("customers"), keyed("staff"));
    const apart = await proposePolicy(
      schema,
      samplesOf({ "customers.email": emails(50), "staff.email": emails(50, 100) }, false),
    );
    expect(found(apart, "staff", "email").sharesWith).toBeNull();
    const together = await proposePolicy(schema, samplesOf({ "customers.email": emails(50), "staff.email": emails(30) }, false));
    expect(found(together, "staff", "email").sharesWith).toBe("customers.email");
  });

  it("writes what the plan accepts: unique, short and NOT NULL columns, and few rows", async () => {
    const unique = (...columns: string[]) => ({ name: `${columns.join("_")}_key`, columns, isPrimary: false, isPartial: false });
    const people = table(
      "people",
      [
        column("email", { maxLength: 12 }),
        column("phone", { nullable: false, maxLength: 5 }),
        column("first_name", { nullable: false, maxLength: 3 }),
        column("last_name", { maxLength: 40 }),
        column("region"),
        column("birth_date", { kind: "date" }),
        column("password", { nullable: false, kind: "bytes" }),
      ],
      { uniqueKeys: [unique("email"), unique("phone"), unique("last_name", "first_name")], rowEstimate: 7 },
    );
    expect(await errorsOf(database(people), NO_SAMPLES)).toEqual([]);
  });

  it("masks a key and all that points to it alike, and finds the one who decides in a circle", async () => {
    const users = table("users", [column("email"), column("boss_email")], {
      uniqueKeys: [primaryKey("email")],
      foreignKeys: [{ ...foreignKey("boss_email", "users", "email") }],
    });
    const a = table("a", [integerColumn("id"), integerColumn("b_id")], {
      uniqueKeys: [primaryKey("id")],
      foreignKeys: [foreignKey("id", "b")],
    });
    const b = table("b", [integerColumn("id")], { uniqueKeys: [primaryKey("id")], foreignKeys: [foreignKey("id", "a")] });
    const schema = database(users, a, b);
    const proposal = await proposePolicy(schema, NO_SAMPLES);
    expect(found(proposal, "users", "boss_email").decision).toBe("inherit");
    expect(found(proposal, "a", "id").decision).not.toBe("inherit");
    expect(found(proposal, "b", "id").decision).toBe("inherit");
    expect(await errorsOf(schema, NO_SAMPLES)).toEqual([]);
  });

  it("masks a column that repeats the name of its row", async () => {
    const names = ["Davolio", "Fuller", "Leverling", "Peacock", "Buchanan"];
    const staff = table("staff", [column("last_name"), column("asset")]);
    const rows = { "staff.last_name": names, "staff.asset": names.map((name) => `http://intranet/${name.toLowerCase()}.bmp`) };
    const proposal = await proposePolicy(database(staff), samplesOf(rows));
    expect(found(proposal, "staff", "asset")).toMatchObject({
      decision: "mask",
      reason: "its values repeat last_name of their row",
    });
  });

  it("asks about a column where a few rows name their person in full, and not where a word is the same by chance", async () => {
    const names = ["Ana Trujillo", "Antonio Moreno", "Thomas Hardy", "Christina Berglund", "Hanna Moos", "Elizabeth Lincoln"];
    const firms = [
      "QUICK-Stop",
      "Antonio Moreno Taquería",
      "B's Beverages",
      "Save-a-lot Markets 2",
      "Bon app'",
      "Great Lakes Food",
    ];
    const schema = database(table("clients", [column("contact_name"), column("firm"), column("slogan")]));
    const slogans = firms.map((_, index) => `Goods of Moreno ${index}`);
    const rows = { "clients.contact_name": names, "clients.firm": firms, "clients.slogan": slogans };
    const proposal = await proposePolicy(schema, samplesOf(rows));
    expect(found(proposal, "clients", "firm")).toMatchObject({
      decision: "review",
      reason: "some of its values repeat contact_name of their row",
      rule: { transform: "maskText", options: { replace: ["contact_name"] } },
    });
    expect(found(proposal, "clients", "slogan").decision).toBe("keep");
  });

  it("gives one mapping to mail addresses of a key, of other tables and of documents, and texts the columns of their row", async () => {
    const people = table("people", [column("email"), column("last_name"), column("notes")], {
      uniqueKeys: [primaryKey("email")],
    });
    const events = table("events", [column("sender_mail"), column("payload", { kind: "json" })]);
    const rows = {
      "people.email": emails(20),
      "people.last_name": emails(20).map((_, index) => ["Miller", "Smith", "Jones", "Brown"][index % 4]!),
      "people.notes": emails(20).map((email) => `please write to ${email} again`),
      "events.sender_mail": emails(20),
      "events.payload": emails(20).map((from) => JSON.stringify({ from_email: from })),
    };
    const proposal = await proposePolicy(database(people, events), samplesOf(rows));
    const unique = { transform: "fake", options: { path: "internet.email", unique: true } };
    for (const [of, name] of [
      ["people", "email"],
      ["events", "sender_mail"],
    ] as const)
      expect(found(proposal, of, name).rule).toEqual(unique);
    expect(found(proposal, "events", "payload").rule!.options.paths).toMatchObject({ "$.from_email": unique });
    expect(found(proposal, "people", "notes").rule).toEqual({
      transform: "maskText",
      options: { replace: ["email", "last_name"] },
    });
  });

  it("proposes no mask that fails in a trial, not even for a person to confirm", async () => {
    const slots = table("slots", [column("phone"), column("pin", { nullable: false })]);
    const schema = database(slots);
    const samples = samplesOf({ "slots.phone": ["+49 30 901820", "+49 30 901821"], "slots.pin": ["1234", "4321"] });
    const tried: string[] = [];
    const first = await proposePolicy(schema, samples);
    const refused = [found(first, "slots", "phone").rule!.transform, found(first, "slots", "pin").rule!.transform];
    const proposal = await proposePolicy(schema, samples, async ({ tables }) =>
      tables.flatMap(({ columns }) =>
        columns.flatMap(({ column: { name }, rule }) => {
          tried.push(`${name}: ${rule!.transform.name}`);
          if (!refused.includes(rule!.transform.name)) return [];
          return [{ code: "CHECK_VIOLATED", severity: "error", message: "", table: "slots", column: name } as const];
        }),
      ),
    );
    expect(found(first, "slots", "pin").decision).toBe("review");
    for (const name of ["phone", "pin"]) {
      const { decision, rule } = found(proposal, "slots", name);
      expect(decision).toBe(found(first, "slots", name).decision);
      expect(refused).not.toContain(rule!.transform);
      expect(tried).toContain(`${name}: ${rule!.transform}`);
    }
  });

  it("names the schema where two tables have one name", async () => {
    const twin = { ...table("users", [integerColumn("id")]), ref: { schema: "legacy", name: "users" } };
    const { tables } = await proposePolicy(database(table("users", [integerColumn("id")]), twin), NO_SAMPLES);
    expect(tables.map(({ name }) => name)).toEqual(["public.users", "legacy.users"]);
    expect(await errorsOf(database(table("users", [integerColumn("id")]), twin), NO_SAMPLES)).toEqual([]);
  });
});

describe("a written proposal", () => {
  const odd = ["__proto__", 'say "hi"', "two\nlines */", "null", "a: b # c", "ünïcode", "1", "constructor"];

  it("says the same in YAML and TypeScript, whatever tables and columns are called", async () => {
    const schema = database(
      ...odd.map((name) =>
        table(
          name,
          odd.map((one) => column(one)),
        ),
      ),
    );
    const proposal = await proposePolicy(schema, NO_SAMPLES);
    const data = parsePolicy(parse(writePolicy(proposal, PLACES, YAML)));
    const code = writePolicy(proposal, PLACES, TYPESCRIPT);
    // Comments and keys end where they should: what is left is a program.
    expect(ts.transpileModule(code, { reportDiagnostics: true }).diagnostics).toEqual([]);
    expect(Object.keys(data.tables).sort()).toEqual([...odd].sort());
    for (const rules of Object.values(data.tables)) expect(Object.keys(rules).sort()).toEqual([...odd].sort());
  });

  it("tells how the columns of one person would agree, where more than one is drawn by itself", async () => {
    const columns = [
      integerColumn("id"),
      column("first_name"),
      column("email"),
      column("phone", { maxLength: 5 }),
      column("plan"),
    ];
    const people = table("people", columns, { uniqueKeys: [primaryKey("id")] });
    const proposal = await proposePolicy(database(people, ...SHOP.tables), NO_SAMPLES);
    const yaml = writePolicy(proposal, PLACES, YAML);
    const note = "first_name, email: each drawn by itself. Rules such as";
    expect(yaml).toContain(`people:\n    # ${note} { persona: { field: firstName, by: id } } would make them one person's.\n`);
    expect(writePolicy(proposal, PLACES, TYPESCRIPT)).toContain(`// ${note} persona({ field: "firstName", by: "id" }) would`);
    // One address alone agrees with nothing.
    expect(yaml.match(/each drawn by itself/g)).toHaveLength(1);
    // What the comment shows is a rule that the plan takes.
    const rules = {
      id: { keep: "a number" },
      first_name: { persona: { field: "firstName", by: "id" } },
      phone: "nullify",
      plan: "nullify",
    };
    const policy = parsePolicy({
      source: "in",
      target: "out",
      tables: { people: { ...rules, email: { persona: { field: "email", by: "id" } } } },
    });
    expect(compilePlan(policy, database(people), EMPTY_TARGET).findings.filter(({ severity }) => severity === "error")).toEqual(
      [],
    );
  });

  it("names no subject for the comment where a table has no key, and several columns where they are the key together", async () => {
    const columns = [integerColumn("tenant"), integerColumn("id"), column("first_name"), column("last_name")];
    const keyed = table("keyed", columns, { uniqueKeys: [primaryKey("tenant", "id")] });
    const yaml = writePolicy(await proposePolicy(database(keyed, table("bare", columns)), NO_SAMPLES), PLACES, YAML);
    expect(yaml).toContain("{ persona: { field: firstName, by: [tenant, id] } }");
    expect(yaml).toContain('by: "the column that tells whose row it is" }');
  });

  it("reads URLs from the environment, and lists tables that need no rule", async () => {
    const link = table("links", [integerColumn("customer_id")], { foreignKeys: [foreignKey("customer_id", "customers")] });
    const proposal = await proposePolicy(database(...SHOP.tables, link), samplesOf(SHOP_ROWS));
    const places = { source: { variable: "PROD_URL" }, target: { variable: "STAGING_URL" } };
    expect(writePolicy(proposal, places, TYPESCRIPT)).toContain("source: process.env.PROD_URL,");
    const yaml = writePolicy(proposal, places, YAML);
    expect(parse(yaml)).toMatchObject({ source: `$${"{PROD_URL}"}`, tables: { links: {} } });
    expect(yaml).toContain("# customer_id: references customers.id, whose rule it takes");
  });
});
