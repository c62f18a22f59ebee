import { type Finding, isStandinError } from "../../errors.ts";
import type { Policy } from "../../policy/define-policy.ts";
import { draftOf } from "../../policy/parse/policy-draft.ts";
import { tableName } from "../../table-ref.ts";
import { findColumn } from "../explain-column.ts";
import type { ColumnPlan, Plan } from "../plan.ts";

/**
 * What the policy's `reveal` names in vain: told before the copy is made, as afterwards there is no way back. A column that is not there is a mistake; one that has no
 * way back here may have one in another environment.
 */
export function checkReveal(policy: Policy, plan: Pick<Plan, "tables" | "unselected">): readonly Finding[] {
  const place = draftOf(policy)?.reveal?.place;
  return (policy.reveal?.columns ?? []).flatMap((name): Finding[] => {
    try {
      const { table, column, plan: planned } = findColumn(plan, name);
      const why = planned === undefined ? null : whyIrreversible(planned);
      if (why === null) return [];
      const of = tableName(table.table.ref);
      const message = `reveal names ${of}.${column}, and there is nothing to get back: ${why}.`;
      const hint = "Mask it by a rule that can be undone, as encryptDigits, encryptId or scramble, or take it out of `reveal`.";
      return [{ code: "REVEAL_REFUSED", severity: "warning", message, table: of, column, hint }];
    } catch (error) {
      if (!isStandinError(error)) throw error;
      const { code, message, hint } = error;
      const severity = code === "COLUMN_UNKNOWN" ? "error" : "warning";
      return [{ code, severity, message: `reveal names ${name}: ${message}`, hint, ...place }];
    }
  });
}

/** Null for a column whose values can be had back, and for one that a person must decide about first. */
function whyIrreversible({ column, decision, rule, branches, guarantees }: ColumnPlan): string | null {
  if (decision === "review") return null;
  if (decision === "generated") return "the server computes it";
  if (decision === "keep" || rule === null) return "it is kept as it is";
  if (branches !== undefined) return "it is masked by one of several rules, row by row";
  return guarantees?.reversible === true ? null : `${rule.transform.name} on a column of type ${column.type} cannot be undone`;
}
