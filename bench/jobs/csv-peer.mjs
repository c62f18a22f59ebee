import { createHmac } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { faker } from "@faker-js/faker/locale/en";
import { FF1 } from "@noble/ciphers/ff1.js";
import { parse } from "csv-parse";
import { stringify } from "csv-stringify";
import { COLUMNS } from "../make-data.mjs";
import { constantCost } from "./constant-cost.mjs";
import { reportMemory } from "./report-memory.mjs";

const [, , input, output, masks] = process.argv;
const key = Buffer.alloc(32, 7);
const ff1 = FF1(10, key);
const at = (name) => COLUMNS.indexOf(name);
const [firstName, lastName, email, ssn, card] = ["first_name", "last_name", "email", "ssn", "card"].map(at);

function cheaply(row) {
  for (const index of [firstName, lastName, email]) row[index] = constantCost(row[index]);
}

function keyed(row) {
  row[ssn] = createHmac("sha256", key).update(row[ssn]).digest("base64url").slice(0, 22);
  faker.seed(createHmac("sha256", key).update(row[lastName]).digest().readUInt32LE());
  row[lastName] = faker.person.fullName();
  row[card] = ff1.encrypt(Array.from(row[card], Number)).join("");
}

const mask = masks === "constant-cost" ? cheaply : keyed;
let isHeader = true;
const masking = new Transform({
  objectMode: true,
  transform(row, _, done) {
    if (!isHeader) mask(row);
    isHeader = false;
    done(null, row);
  },
});
await pipeline(createReadStream(input), parse(), masking, stringify(), createWriteStream(output));
reportMemory();
