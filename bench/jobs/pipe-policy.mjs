import { custom, definePolicy, keep } from "../../dist/index.js";
import { COLUMNS } from "../make-data.mjs";
import { constantCost } from "./constant-cost.mjs";

const rules = Object.fromEntries(COLUMNS.map((name) => [name, keep()]));
for (const name of ["first_name", "last_name", "email"]) rules[name] = custom(constantCost);

export default definePolicy({ tables: { customers: rules } });
