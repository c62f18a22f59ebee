import { describe, expect, it } from "vitest";
import type { Column, DataSchema, Rule, Table } from "../../src/contracts.ts";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { column, database, integerColumn, table } from "./schemas.ts";

/** What is found where the target's column `x` differs from the source's. */
function findings(source: Column, target: Column, rule: Rule | null = keep(), given: Partial<Table> = {}): string[] {
  const policy = { tables: { t: rule === null ? {} : { x: rule } } };
  return compilePlan(policy, database(table("t", [source])), database(table("t", [target], given))).findings.map(
    ({ severity, code }) => `${severity} ${code}`,
  );
}

const typed = (kind: Column["kind"], type: string) => column("x", { kind, type });

describe("the target's shape", () => {
  it.each([
    ["decimal", "numeric(10,4)", "numeric(10,2)"],
    ["decimal", "numeric(10,2)", "numeric(8,2)"],
    ["decimal", "numeric", "numeric(20,5)"],
    ["decimal", "decimal(10,2)", "decimal(10,0)"],
    ["float", "double precision", "real"],
    ["float", "double", "float"],
    ["timestamp", "timestamp without time zone", "timestamp(0) without time zone"],
    ["timestamp", "timestamp with time zone", "timestamp without time zone"],
    ["timestamp", "datetime(6)", "datetime"],
    ["time", "time without time zone", "time(3) without time zone"],
    ["json", "json", "jsonb"],
  ] as const)("refuses %s that the server would round or rewrite in silence: %s into %s", (kind, type, other) => {
    expect(findings(typed(kind, type), typed(kind, other))).toEqual(["error TARGET_MISMATCH"]);
  });

  it.each([
    ["decimal", "numeric(10,2)", "numeric(12,4)"],
    ["decimal", "numeric(10,2)", "numeric"],
    ["decimal", "price", "numeric(10,2)"],
    ["float", "real", "double precision"],
    ["timestamp", "timestamp(3) without time zone", "timestamp without time zone"],
    ["json", "jsonb", "json"],
    ["json", "json", "longtext"],
  ] as const)("takes %s that loses nothing: %s into %s", (kind, type, other) => {
    expect(findings(typed(kind, type), typed(kind, other))).toEqual([]);
  });

  it("refuses a smaller integer and a text that the target pads", () => {
    const big = integerColumn("x", { type: "bigint", range: { min: -(2n ** 63n), max: 2n ** 63n - 1n } });
    expect(findings(big, integerColumn("x"))).toEqual(["error TARGET_MISMATCH"]);
    expect(findings(integerColumn("x"), big)).toEqual([]);
    expect(findings(column("x"), column("x", { type: "character(10)", isPadded: true }))).toEqual(["error TARGET_MISMATCH"]);
  });

  it("refuses a generated column that the target does not compute: it would stay empty", () => {
    expect(findings(column("x", { isGenerated: true }), column("x"), null)).toEqual(["error TARGET_MISMATCH"]);
    expect(findings(column("x", { isGenerated: true }), column("x", { isGenerated: true }), null)).toEqual([]);
  });

  it("measures what a mask gives against the target, and warns where nobody knows how long a text is", () => {
    expect(findings(column("x"), column("x", { maxLength: 10 }), tokenize())).toEqual(["error TARGET_MISMATCH"]);
    expect(findings(column("x"), column("x", { maxLength: 50 }), tokenize())).toEqual([]);
    expect(findings(column("x"), column("x", { maxLength: 10 }))).toEqual(["warning TARGET_MISMATCH"]);
  });

  it("keeps a key unique that only the target has", () => {
    const key = { uniqueKeys: [{ name: "t_x_key", columns: ["x"], isPrimary: false, isPartial: false }] };
    expect(findings(column("x"), column("x"), redact(), key)).toEqual(["error UNIQUENESS_LOST"]);
    expect(findings(column("x"), column("x"), tokenize(), key)).toEqual([]);
  });
});

describe("a target without a table of the plan", () => {
  const t = table("t", [column("x")]);
  const foundIn = (source: DataSchema, target: DataSchema) =>
    compilePlan({ tables: { t: { x: keep() } } }, source, target).findings.map(({ code, hint }) => `${code}: ${hint}`);

  it("is made where it has no table at all, and the source knows how", () => {
    expect(foundIn(database(t), database())).toEqual([]);
    expect(foundIn(database(t), database(table("other", [column("x")])))).toEqual([
      expect.stringMatching(/^TARGET_TABLE_MISSING: Bring the target's migrations up to date/),
    ]);
  });

  it("is refused where the rows come from CSV files, which do not tell how it is made", () => {
    const files: DataSchema = { system: "csv", tables: [{ ...t, ref: { schema: null, name: "t" } }] };
    for (const target of [database(), database(table("other", [column("x")]))])
      expect(foundIn(files, target)).toEqual([expect.stringMatching(/^TARGET_TABLE_MISSING: Make the target's tables first/)]);
    expect(foundIn(files, { system: "csv", tables: [] })).toEqual([]);
  });
});
