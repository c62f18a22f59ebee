import { encryptDigits, fake, keep, refresh, shiftDates, tokenize } from "../../dist/index.js";
import { COLUMNS } from "../make-data.mjs";
import { reportMemory } from "./report-memory.mjs";

const [, , source, target] = process.argv;
await refresh({
  source,
  target,
  tables: {
    customers: {
      ...Object.fromEntries(COLUMNS.map((name) => [name, keep()])),
      last_name: fake("person.fullName"),
      email: fake("internet.email"),
      card: encryptDigits(),
      ssn: tokenize(),
      dob: shiftDates({ by: "id" }),
    },
  },
});
reportMemory();
