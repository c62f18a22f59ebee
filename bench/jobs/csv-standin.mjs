import { basename } from "node:path";
import { custom, encryptDigits, fake, keep, refresh, tokenize } from "../../dist/index.js";
import { COLUMNS } from "../make-data.mjs";
import { constantCost } from "./constant-cost.mjs";
import { reportMemory } from "./report-memory.mjs";

const [, , input, folder, masks] = process.argv;
const rules = Object.fromEntries(COLUMNS.map((name) => [name, keep()]));
if (masks === "constant-cost") for (const name of ["first_name", "last_name", "email"]) rules[name] = custom(constantCost);
else Object.assign(rules, { ssn: tokenize(), last_name: fake("person.fullName"), card: encryptDigits() });

await refresh({ source: input, target: folder, tables: { [basename(input, ".csv")]: rules } });
reportMemory();
