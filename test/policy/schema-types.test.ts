import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import ts from "typescript";
import { afterAll, describe, expect, it } from "vitest";
import { schemaTypes } from "../../src/policy/schema-types.ts";
import { column, database, foreignKey, integerColumn, primaryKey, table } from "../plan/schemas.ts";

const ROOT = resolve(import.meta.dirname, "..", "..");
// In the project, so that the policies' imports resolve as a user's do.
const folder = mkdtempSync(join(ROOT, "node_modules", ".standin-types-"));
afterAll(() => rmSync(folder, { recursive: true }));

const users = table(
  "users",
  [integerColumn("id", { nullable: false }), column("email"), column("full name"), column("sum", { isGenerated: true })],
  {
    uniqueKeys: [primaryKey("id")],
  },
);
const invoices = {
  ...table("invoices", [integerColumn("user_id")], { foreignKeys: [foreignKey("user_id", "users")] }),
  ref: { schema: "billing", name: "invoices" },
};
const written = schemaTypes(database(users, invoices));

const FULL = `users: { id: keep(), email: redact(), "full name": redact() }, "billing.invoices": "skip"`;

/** What TypeScript has against a policy of these tables, under a schema's types. */
function problemsWith(policies: { readonly [name: string]: string }, types = written): { readonly [name: string]: string } {
  const place = mkdtempSync(join(folder, "case-"));
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, "standin.types.d.ts"), types);
  const files = Object.entries(policies).map(([name, tables]) => {
    const file = join(place, `${name}.ts`);
    writeFileSync(
      file,
      `import { definePolicy, keep, redact } from "standin";
       import type { Schema } from "./standin.types.d.ts";
       export default definePolicy<Schema>({ source: "in", target: "out", tables: { ${tables} } });\n`,
    );
    return { name, file };
  });
  const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, ROOT);
  const program = ts.createProgram(
    files.map(({ file }) => file),
    { ...options, noUnusedLocals: false, paths: { standin: [join(ROOT, "src", "index.ts")] } },
  );
  return Object.fromEntries(
    files.map(({ name, file }) => {
      const found = ts.getPreEmitDiagnostics(program, program.getSourceFile(file));
      return [name, found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")).join("\n")];
    }),
  );
}

describe("schemaTypes", () => {
  it("writes a table per line of thought: names, kinds, and what a person asks of them", () => {
    expect(written).toContain(
      'readonly "billing.invoices": {\n    /** integer, takes the rule of users.id */\n    readonly user_id: "integer";',
    );
    expect(written).toContain('/** integer, NOT NULL, primary key */\n    readonly id: "integer";');
    expect(written).toContain('readonly "full name": "text";');
    expect(written).not.toContain("sum");
  });

  it("makes a policy compile that names what is there, by name or by pattern", () => {
    const found = problemsWith({
      full: FULL,
      patterns: `users: { "*": keep(), "/mail$/": redact() }, "audit_*": "skip"`,
    });
    expect(found).toEqual({ full: "", patterns: "" });
  });

  it("makes a renamed column, an unknown table and a rule for a computed column compile errors", () => {
    const renamed = schemaTypes(database(table("users", [integerColumn("id"), column("mail"), column("full name")]), invoices));
    expect(problemsWith({ policy: FULL }, renamed).policy).toMatch(/'email' does not exist/);
    const found = problemsWith({ table: `${FULL}, custmers: "skip"`, computed: `users: { sum: keep() }` });
    expect(found.table).toMatch(/'custmers' does not exist/);
    expect(found.computed).toMatch(/'sum' does not exist/);
  });

  it("cannot be broken out of by a name", () => {
    const odd = schemaTypes(database(table('a"b', [column("c*/ d", { type: "*/ evil" }), column("__proto__")])));
    expect(problemsWith({ policy: `'a"b': { "c*/ d": keep() }` }, odd).policy).toBe("");
  });
});
