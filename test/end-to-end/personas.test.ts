import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { beforeAll, expect, it } from "vitest";
import { refresh } from "../../src/refresh.ts";
import { maskText } from "../../src/transforms/free-text/mask-text.ts";
import { persona } from "../../src/transforms/persona/persona.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { describeWithMysql, runMysql, withMysqlDatabases, withMysqlSession } from "../servers/mysql-server.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";
import { runPostgres, withPostgresSession } from "./postgres-examiner.ts";

const SUBJECTS = 10_000;
const FIRST = ["Zuzanna", "Øystein", "Quirin", "Yngvild", "Xanthe", "Wojtek", "Çağla", "Ixchel"];
const LAST = ["O'Tooley", "Žižković", "Vandersmissen", "Quisling", "Wyrzykowski", "Ngxongo", "Xhosana"];

/** Somebody, as the source has them. */
const person = (id: number) => {
  const first = FIRST[id % FIRST.length]!;
  const last = LAST[id % LAST.length]!;
  return { id, first, last, email: `${"zyx"[id % 3]}.customer${id}@acme.test`, sex: id % 2 === 0 ? "F" : "M" };
};
const PEOPLE = Array.from({ length: SUBJECTS }, (_, index) => person(index + 1));

/** What a customer writes: names in several cases, and the address. */
const letter = (first: string, last: string, email: string, id: number) =>
  `Hello, ${first} here (${first.toUpperCase()} ${last.toUpperCase()}). Order ${id} never came.\nWrite to ${email}, please. ${first} ${last}`;

const by = (field: Parameters<typeof persona>[0]["field"], column: string) => persona({ field, by: column });

type Row = Readonly<Record<string, string | null>>;
type Rows = ReadonlyMap<string, Row>;
const byKey = (rows: readonly Record<string, unknown>[], key: string): Rows =>
  new Map(rows.map((row) => [String(row[key]), { ...row } as Row]));

async function maskPostgres(): Promise<{ customers: Rows; tickets: Rows }> {
  let masked = { customers: new Map() as Rows, tickets: new Map() as Rows };
  await withDatabases(["standin_persona_source", "standin_persona_target"], async (source, target) => {
    await withPostgresSession(source, async (session) => {
      await session.query(`CREATE TABLE customers (id int PRIMARY KEY, first_name varchar(60), last_name varchar(60), sex char(1), email text, city text,
        postcode varchar(10), latitude numeric(9,6));
        CREATE TABLE tickets (id int PRIMARY KEY, customer_id int REFERENCES customers, requester_name text, requester_email text, body text)`);
      const customers = PEOPLE.map(({ id, first, last, email, sex }) => [id, first, last, sex, email, "Oslo", "0150", "59.9"]);
      const tickets = PEOPLE.map(({ id, first, last, email }) => [
        100_000 - id,
        id,
        `${first} ${last}`,
        email,
        letter(first, last, email, id),
      ]);
      for (const [table, rows] of Object.entries({ customers, tickets }))
        await session.query(
          `INSERT INTO ${table} SELECT r.* FROM json_array_elements($1) AS row, LATERAL (SELECT ${rows[0]!
            .map((value, at) => `(row->>${at})::${typeof value === "number" ? "int" : at === 7 ? "numeric" : "text"}`)
            .join(", ")}) AS r`,
          [JSON.stringify(rows)],
        );
    });
    const tables = {
      customers: {
        id: keep(),
        first_name: by("firstName", "id"),
        last_name: by("lastName", "id"),
        sex: by("gender", "id"),
        email: by("email", "id"),
        city: by("city", "id"),
        postcode: by("postcode", "id"),
        latitude: by("latitude", "id"),
      },
      tickets: {
        id: keep(),
        customer_id: keep(),
        requester_name: by("fullName", "customer_id"),
        requester_email: by("email", "customer_id"),
        body: maskText({ replace: ["requester_name", "requester_email"], rest: "keep" }),
      },
    };
    await refresh({ source, target, tables }, { key: TEST_KEY });
    masked = {
      customers: byKey(await runPostgres(target, "SELECT * FROM customers"), "id"),
      tickets: byKey(await runPostgres(target, "SELECT * FROM tickets"), "customer_id"),
    };
  });
  return masked;
}

async function maskMysql(): Promise<Rows> {
  let masked: Rows = new Map();
  await withMysqlDatabases(["standin_persona_source", "standin_persona_target"], async (source, target) => {
    await withMysqlSession(source, async (session) => {
      await session.query(
        "CREATE TABLE subscribers (customer bigint unsigned PRIMARY KEY, name varchar(80), sex enum('female','male'), mail varchar(80), town varchar(60))",
      );
      await session.query("INSERT INTO subscribers VALUES ?", [
        PEOPLE.map(({ id, first, last, email, sex }) => [id, `${first} ${last}`, sex === "F" ? "female" : "male", email, "Oslo"]),
      ]);
    });
    const subscribers = {
      customer: keep(),
      name: by("fullName", "customer"),
      sex: by("gender", "customer"),
      mail: by("email", "customer"),
      town: by("city", "customer"),
    };
    await refresh({ source, target, tables: { subscribers } }, { key: TEST_KEY });
    masked = byKey(await runMysql(target, "SELECT * FROM subscribers"), "customer");
  });
  return masked;
}

async function maskCsv(): Promise<Rows> {
  const folder = mkdtempSync(join(tmpdir(), "standin-personas-"));
  try {
    const [source, target] = [join(folder, "source"), join(folder, "target")];
    mkdirSync(source);
    const lines = PEOPLE.toReversed().map(({ id, first, last, email }) => `${email},"${last}, ${first}",0150,${id}`);
    writeFileSync(join(source, "contacts.csv"), `mail,name,zip,ref\n${lines.join("\n")}\n`);
    const contacts = {
      mail: by("email", "ref"),
      name: persona({ field: "fullName", by: "ref", format: "{last}, {first}" }),
      zip: by("postcode", "ref"),
      ref: keep(),
    };
    await refresh({ source, target, tables: { contacts } }, { key: TEST_KEY });
    return byKey(parse(readFileSync(join(target, "contacts.csv"), "utf8"), { columns: true }), "ref");
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describeWithPostgres("a persona", () =>
  describeWithMysql("of one key", () => {
    let postgres: Awaited<ReturnType<typeof maskPostgres>>;
    let mysql: Rows;
    let csv: Rows;
    beforeAll(async () => {
      [postgres, mysql, csv] = [await maskPostgres(), await maskMysql(), await maskCsv()];
    });

    it(`is the same in two tables of PostgreSQL, one of MySQL and a CSV file, for ${SUBJECTS} subjects`, () => {
      expect([postgres.customers.size, postgres.tickets.size, mysql.size, csv.size]).toEqual(Array(4).fill(SUBJECTS));
      for (const [id, customer] of postgres.customers) {
        const { first_name, last_name, email, city, postcode, sex } = customer;
        const full = `${first_name} ${last_name}`;
        expect(postgres.tickets.get(id)).toMatchObject({ requester_name: full, requester_email: email });
        expect(mysql.get(id)).toMatchObject({ name: full, mail: email, town: city, sex: sex === "F" ? "female" : "male" });
        expect(csv.get(id)).toMatchObject({ mail: email, name: `${last_name}, ${first_name}`, zip: postcode });
      }
    });

    it("is another person than the source has, and one of many", () => {
      const customers = [...postgres.customers.values()];
      for (const { first_name, last_name, email } of customers) {
        expect(FIRST).not.toContain(first_name);
        expect(LAST).not.toContain(last_name);
        expect(email).toMatch(/@example\.(com|net|org)$/);
      }
      expect(new Set(customers.map(({ first_name, last_name }) => `${first_name} ${last_name}`)).size).toBeGreaterThan(9_900);
    });

    it("signs the tickets too, and the rest of them is what was written", () => {
      for (const [id, { body }] of postgres.tickets) {
        const { first_name, last_name, email } = postgres.customers.get(id)!;
        expect(body).toBe(letter(first_name!, last_name!, email!, Number(id)));
      }
    });
  }),
);
