import { expect, it } from "vitest";
import { planRefresh, refresh } from "../../src/refresh.ts";
import { TEST_KEY } from "../test-key.ts";
import { maskPersons } from "./automatic-policy.ts";
import { type Examiner, expectFaithfulCopy } from "./faithful-copy.ts";

/** A database that others made, and what is known of it. */
export interface Sample {
  load(url: string): void | Promise<void>;
  readonly tables: number;
  readonly rows: number;
  readonly foreignKeys: number;
}

export interface SampleServer {
  readonly samples: Readonly<Record<string, Sample>>;
  readonly examiner: Examiner;
  withDatabases(prefixes: readonly string[], use: (...urls: string[]) => Promise<void>): Promise<void>;
}

/** The main job, on real databases: the same claims for every system. */
export function copiesSamples({ samples, examiner, withDatabases }: SampleServer): void {
  it.each(Object.entries(samples))(
    "copies %s, masked, into an empty database and once more over itself",
    async (_, { load, ...known }) => {
      await withDatabases(["standin_e2e_source", "standin_e2e_target"], async (source, target) => {
        await load(source);
        const tables = maskPersons(await examiner.schema(source));
        const plan = await planRefresh({ source, target, tables });
        expect(plan.findings.filter(({ severity }) => severity === "error")).toEqual([]);
        expect((await examiner.foreignKeys(source)).total).toBe(known.foreignKeys);
        for (const round of ["into an empty database", "over itself"]) {
          const report = await refresh({ source, target, tables }, { key: TEST_KEY });
          expect({ tables: report.tables.length, rows: report.rows }, round).toEqual({ tables: known.tables, rows: known.rows });
          await expectFaithfulCopy(examiner, source, target, plan);
          // What this leaves behind is the next round's to replace.
          expect(await examiner.insertOnce(target, plan), round).toEqual([]);
        }
      });
    },
    180_000,
  );
}
