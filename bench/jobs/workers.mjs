import { basename } from "node:path";
import { encryptDigits, fake, keep, persona, refresh, scramble, tokenize } from "../../dist/index.js";
import { COLUMNS } from "../make-data.mjs";
import { reportMemory } from "./report-memory.mjs";

// A policy whose masks take longer than reading and writing.

const [, , input, folder, workers] = process.argv;
const rules = {
  ...Object.fromEntries(COLUMNS.map((name) => [name, keep()])),
  first_name: fake("commerce.productName"),
  last_name: scramble(),
  email: persona("email", { by: "id" }),
  card: encryptDigits(),
  ssn: tokenize(),
};
const location = input.startsWith("postgres:") ? "customers" : basename(input, ".csv");
await refresh({ source: input, target: folder, tables: { [location]: rules } }, { workers: Number(workers) });
reportMemory();
