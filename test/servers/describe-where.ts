import { describe } from "vitest";

/** Runs a suite where it has what it needs; elsewhere it is skipped with a line that says how to get that, and fails under CI=true. */
export function describeWhere(hasAll: boolean, missing: string, howToGetIt: string, name: string, suite: () => void): void {
  if (hasAll) describe(name, suite);
  else if (process.env.CI === "true") throw new Error(`${missing}: ${howToGetIt}.`);
  else describe.skip(`${name} (skipped: ${howToGetIt})`, suite);
}
