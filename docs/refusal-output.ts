import { PassThrough } from "node:stream";
import { errorLines } from "../src/cli/print-error.ts";
import type { Column, DataSchema, Table } from "../src/contracts.ts";
import { isStandinError } from "../src/errors.ts";
import { compilePlan, refuseBrokenPlan } from "../src/plan/compile-plan.ts";
import { fake } from "../src/transforms/fake.ts";
import { keep } from "../src/transforms/keep.ts";
import { nullify } from "../src/transforms/nullify.ts";

const text = (name: string, given: Partial<Column> = {}): Column => ({
  name,
  type: "text",
  kind: "text",
  nullable: true,
  maxLength: null,
  isPadded: false,
  range: null,
  labels: null,
  isGenerated: false,
  hasDefault: false,
  ...given,
});

const CUSTOMERS: Table = {
  ref: { schema: "public", name: "customers" },
  columns: [
    text("id", { type: "integer", kind: "integer" }),
    text("email"),
    text("name", { nullable: false }),
    text("iban"),
    text("vat_id"),
  ],
  uniqueKeys: [{ name: "customers_email_key", columns: ["email"], isPrimary: false, isPartial: false }],
  foreignKeys: [],
  rowEstimate: 20_000,
};

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
