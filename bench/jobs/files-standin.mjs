import { basename } from "node:path";
import { custom, keep, refresh } from "../../dist/index.js";
import { COLUMNS } from "../make-data.mjs";
import { constantCost } from "./constant-cost.mjs";
import { reportMemory } from "./report-memory.mjs";

const [, , source, target] = process.argv;
const rules = Object.fromEntries(COLUMNS.map((name) => [name, keep("a benchmark")]));
for (const name of ["first_name", "last_name", "email"]) rules[name] = custom(constantCost);

await refresh({ source, target, tables: { [basename(source).split(".")[0]]: rules } });
reportMemory();
