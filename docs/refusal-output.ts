import { PassThrough } from "node:stream";
import { errorLines } from "../src/cli/show/print-error.ts";
import type { DataSchema } from "../src/contracts.ts";
import { isStandinError } from "../src/errors.ts";
import { compilePlan, refuseBrokenPlan } from "../src/plan/compile-plan.ts";
import { fake } from "../src/transforms/fake/fake.ts";
import { keep } from "../src/transforms/plain/keep.ts";
import { nullify } from "../src/transforms/plain/nullify.ts";
import { docColumn, docTable } from "./doc-schema.ts";

const CUSTOMERS = docTable(
  "customers",
  [
    docColumn("id", { type: "integer", kind: "integer" }),
    docColumn("email"),
    docColumn("name", { nullable: false }),
    docColumn("iban"),
    docColumn("vat_id"),
  ],
  { uniqueKeys: [{ name: "customers_email_key", columns: ["email"], isPrimary: false, isPartial: false }] },
);

/** What the command says of a policy with several mistakes. */
export function refusalOutput(): string {
  const source: DataSchema = { system: "postgres", tables: [CUSTOMERS] };
  const customers = { id: keep(), email: fake("internet.email"), name: nullify() };
  try {
    refuseBrokenPlan(compilePlan({ tables: { customers } }, source, { ...source, tables: [] }));
  } catch (error) {
    if (isStandinError(error)) return ["$ npx standin run", ...errorLines(error, {}, new PassThrough())].join("\n");
    throw error;
  }
  throw new Error("The plan was not refused.");
}
