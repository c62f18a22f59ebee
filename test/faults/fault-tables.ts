import { expect } from "vitest";
import type { Policy } from "../../src/policy/define-policy.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { runToEnd } from "./fault-run.ts";
import type { Ends, FaultSystem } from "./fault-system.ts";

/** A policy that keeps everything: what comes out of a copy must then be what went in. */
export const keepAll = (tables: Readonly<Record<string, readonly string[]>>): Policy["tables"] =>
  Object.fromEntries(
    Object.entries(tables).map(([table, columns]) => [table, Object.fromEntries(columns.map((column) => [column, keep()]))]),
  );

/** Copies a source, made by some statements, into an empty database and once more over itself: the same each time. */
export function expectCopiedTwice(system: FaultSystem, sql: string, tables: Policy["tables"], alsoInSource = ""): Promise<void> {
  return system.withDatabases(["standin_fault_source", "standin_fault_target"], async (source, target) => {
    await system.run(source!, sql);
    if (alsoInSource !== "") await system.run(source!, alsoInSource);
    const ends: Ends = { source: source!, target: target! };
    for (const turn of ["into an empty database", "over itself"]) {
      const { error } = await runToEnd(ends, { tables });
      expect(error, turn).toBe(null);
      expect((await system.picture(ends.target)) === (await system.picture(ends.source)), turn).toBe(true);
    }
  });
}
