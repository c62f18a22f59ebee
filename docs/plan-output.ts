import { join } from "node:path";
import { PassThrough } from "node:stream";
import { parse } from "yaml";
import { planLines } from "../src/cli/show/plan-lines.ts";
import type { DataSchema } from "../src/contracts.ts";
import { compilePlan } from "../src/plan/compile-plan.ts";
import { parsePolicy } from "../src/policy/parse/parse-policy.ts";
import { docColumn, docTable } from "./doc-schema.ts";

const id = () => docColumn("id", { kind: "integer", type: "integer", nullable: false });

/** The shop that the README's policy is about. */
export const README_SHOP: DataSchema = {
  system: "postgres",
  tables: [
    docTable(
      "customers",
      [
        id(),
        docColumn("email", { nullable: false }),
        docColumn("card", { type: "character varying(19)", maxLength: 19 }),
        docColumn("born", { kind: "date" }),
        docColumn("city"),
        docColumn("notes"),
      ],
      {
        uniqueKeys: [
          { name: "customers_pkey", columns: ["id"], isPrimary: true, isPartial: false },
          { name: "customers_email_key", columns: ["email"], isPrimary: false, isPartial: false },
        ],
      },
    ),
    docTable(
      "orders",
      [
        id(),
        docColumn("customer_id", { kind: "integer", type: "integer" }),
        docColumn("total", { kind: "decimal", type: "numeric(10,2)" }),
        docColumn("placed_at", { kind: "timestamp", type: "timestamp with time zone" }),
      ],
      {
        rowEstimate: 51_400,
        foreignKeys: [
          {
            name: "orders_customer_id_fkey",
            columns: ["customer_id"],
            references: { schema: "public", name: "customers" },
            referencedColumns: ["id"],
          },
        ],
      },
    ),
    docTable("audit_log", [id()]),
  ],
};

/** The README's policy in YAML, which is also the first that it shows in TypeScript. */
export function readmePolicy(readme: string): string {
  const found = /^```yaml\n([\s\S]*?)^```$/m.exec(readme)?.[1];
  if (found === undefined) throw new Error("The README shows no policy in YAML.");
  return found;
}

/** What `standin plan` says of the README's policy. */
export function planOutput(readme: string): string {
  const policy = parsePolicy(parse(readmePolicy(readme)));
  const plan = compilePlan(policy, README_SHOP, { ...README_SHOP, tables: [] });
  const loaded = { policy, file: join(process.cwd(), "standin.policy.yaml"), isCode: false, plugins: [] };
  return ["$ npx standin plan", ...planLines(plan, loaded, new PassThrough())].join("\n");
}
