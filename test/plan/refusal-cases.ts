import { expect, it } from "vitest";
import type { Policy } from "../../src/policy/define-policy.ts";
import { loadRegardless } from "./load-regardless.ts";

/** A table whose server fails at load time under one policy, which the plan refuses, and takes every row under another. */
export interface RefusalCase {
  readonly what: string;
  /** Makes the table `t`, in the source and, without its rows, in the target. */
  readonly table: string;
  readonly rows: string;
  readonly broken: Policy["tables"][string];
  readonly code: string;
  /** A rule that the plan takes and the server too. */
  readonly sound: Policy["tables"][string];
}

/** How a server's tests make two databases and run statements. */
export interface CaseServer {
  withPair(use: (source: string, target: string) => Promise<void>): Promise<void>;
  run(url: string, sql: string): Promise<unknown>;
}

/** Runs each case on a real server: the plan must refuse what the server refuses, and take what it takes. */
export function itRefusesEach(cases: readonly RefusalCase[], { withPair, run }: CaseServer): void {
  it.each(cases)("is refused before a row moves: $what", async ({ table, rows, broken, code, sound }) => {
    await withPair(async (source, target) => {
      await run(source, `${table};${rows}`);
      await run(target, table);
      const refused = await loadRegardless(source, target, { tables: { t: broken } });
      expect(errorsOf(refused.findings)).toContain(code);
      expect(refused.failure).not.toBeNull();
      const accepted = await loadRegardless(source, target, { tables: { t: sound } });
      expect(errorsOf(accepted.findings)).toEqual([]);
      expect(accepted.failure).toBeNull();
    });
  });
}

/** The codes of the errors among findings. */
export const errorsOf = (findings: readonly { severity: string; code: string }[]) =>
  findings.filter(({ severity }) => severity === "error").map(({ code }) => code);
