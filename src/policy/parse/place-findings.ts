import type { Finding, Place } from "../../errors.ts";
import type { Policy } from "../define-policy.ts";
import { draftOf } from "./policy-draft.ts";

/**
 * Adds to findings about tables and columns where the policy speaks of them: at the column's rule, else at its table. `generalPlaces` knows columns whose rule
 * a pattern or a class brought, by `table.column`.
 */
export function placeFindings(
  policy: Policy,
  findings: readonly Finding[],
  generalPlaces: ReadonlyMap<string, Place> = new Map(),
): readonly Finding[] {
  const tables = draftOf(policy)?.tables;
  if (tables === undefined) return findings;
  return findings.map((finding) => {
    if (finding.table === undefined || finding.file !== undefined) return finding;
    const table = tables.get(finding.table);
    const own = finding.column === undefined ? undefined : table?.columns.get(finding.column);
    const place = own?.place ?? generalPlaces.get(`${finding.table}.${finding.column}`) ?? table?.place;
    return place?.line === undefined ? finding : { ...finding, ...place };
  });
}
