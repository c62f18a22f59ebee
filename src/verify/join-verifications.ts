import xxhash from "xxhash-wasm";
import type { Finding } from "../errors.ts";
import type { Verification } from "./verification.ts";

/** What was found in one of several databases, with its name before those of tables. */
export function verificationIn(verification: Verification, database: string): Verification {
  return {
    ...verification,
    tables: verification.tables.map((table) => ({ ...table, table: `${database}.${table.table}` })),
    leaks: verification.leaks.map((leak) => ({
      ...leak,
      table: `${database}.${leak.table}`,
      of: `${database}.${leak.of}`,
    })),
    findings: verification.findings.map(
      (finding): Finding => ({ ...finding, message: `${database}: ${finding.message}`, database }),
    ),
  };
}

/** Several verifications as one. What was looked for is the sum. */
export async function joinVerifications(parts: ReadonlyMap<string, Verification>): Promise<Verification> {
  const all = [...parts].map(([name, one]) => verificationIn(one, name));
  const sum = (count: (one: Verification) => number) => all.reduce((total, one) => total + count(one), 0);
  return {
    source: oneOf(all.map(({ source }) => source)),
    target: oneOf(all.map(({ target }) => target)),
    tables: all.flatMap(({ tables }) => tables),
    leaks: all.flatMap(({ leaks }) => leaks),
    scope: {
      watched: sum(({ scope }) => scope.watched),
      every: Math.max(1, ...all.map(({ scope }) => scope.every)),
      cells: sum(({ scope }) => scope.cells),
      keys: sum(({ scope }) => scope.keys),
      references: sum(({ scope }) => scope.references),
    },
    findings: all.flatMap(({ findings }) => findings),
    planFingerprint: await joinFingerprints([...parts].map(([name, { planFingerprint }]) => [name, planFingerprint])),
    milliseconds: sum(({ milliseconds }) => milliseconds),
  };
}

/** What all of them are, or "several". */
export function oneOf<Name extends string>(names: readonly Name[]): Name | "several" {
  const [first] = names;
  return first !== undefined && names.every((name) => name === first) ? first : "several";
}

/** Tells what was done to each column of all databases: equal where it is equal in each. */
export async function joinFingerprints(
  fingerprints: readonly (readonly [database: string, fingerprint: string])[],
): Promise<string> {
  const { h64ToString } = await xxhash();
  return `xxh64:${h64ToString(JSON.stringify([...fingerprints].sort()))}`;
}
