import { createHmac } from "node:crypto";
import { faker } from "@faker-js/faker/locale/en";
import pg from "pg";
import QueryStream from "pg-query-stream";
import { COLUMNS } from "../make-data.mjs";
import { reportMemory } from "./report-memory.mjs";

/** The script that people write today: rows as objects, a seed per value, INSERTs of 1000 rows. */
const [, , source, target] = process.argv;
const key = Buffer.alloc(32, 7);
const digest = (value) => createHmac("sha256", key).update(value).digest();
const seed = (value) => faker.seed(digest(value).readUInt32LE());

function mask(row) {
  seed(row.last_name);
  row.last_name = faker.person.fullName();
  seed(row.email);
  row.email = faker.internet.email();
  seed(row.card);
  row.card = faker.finance.creditCardNumber({ issuer: "visa" }).replace(/\D/g, "");
  row.ssn = digest(row.ssn).toString("base64url").slice(0, 22);
  row.dob = new Date(row.dob.getTime() + ((digest(String(row.id)).readUInt32LE() % 360) - 180) * 86_400_000);
  return row;
}

const from = new pg.Client(source);
const to = new pg.Client(target);
await Promise.all([from.connect(), to.connect()]);
await to.query("BEGIN; TRUNCATE customers");
let rows = [];
const flush = async () => {
  if (rows.length === 0) return;
  const places = rows.map((_, row) => `(${COLUMNS.map((_, column) => `$${row * COLUMNS.length + column + 1}`).join(",")})`);
  await to.query(
    `INSERT INTO customers (${COLUMNS.join(",")}) VALUES ${places.join(",")}`,
    rows.flatMap((row) => COLUMNS.map((name) => row[name])),
  );
  rows = [];
};
for await (const row of from.query(new QueryStream("SELECT * FROM customers", [], { batchSize: 1000 }))) {
  rows.push(mask(row));
  if (rows.length === 1000) await flush();
}
await flush();
await to.query("COMMIT");
await Promise.all([from.end(), to.end()]);
reportMemory();
