import { type Condition, columnsOf, conjunctsOf } from "../../conditions/condition.ts";
import { meets, type Subject } from "../../conditions/evaluate-condition.ts";
import { parseCondition } from "../../conditions/parse-condition.ts";
import type { CheckConstraint, Column, SystemName, Table } from "../../contracts.ts";
import type { Finding, StandinErrorCode } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import { canStandIn } from "../../transforms/cell-form.ts";
import { counted } from "../../written-numbers.ts";
import type { ColumnPlan } from "../plan.ts";
import { bytesIn, holdsText, isLonger } from "./character-set.ts";
import { shown } from "./check-row-conditions.ts";
import { decimalDigits } from "./trial-values.ts";

/** What a mask made of made-up values: nobody's data. Undefined where it could not handle one. */
export interface Trial {
  readonly inputs: readonly string[];
  readonly outputs: readonly (string | null | undefined)[];
}

/** Whether what a mask gave in a trial can stand in the column: its form, its bytes, its digits, and the checks that read it. */
export function checkOutputs(table: Table, plan: ColumnPlan, trial: Trial, system: SystemName): readonly Finding[] {
  const { column, rule } = plan;
  const name = tableName(table.ref);
  const { transform } = rule!;
  const finding = (code: StandinErrorCode, message: string, hint: string, severity: Finding["severity"] = "error"): Finding => ({
    code,
    severity,
    message,
    table: name,
    column: column.name,
    hint,
  });
  const found: Finding[] = [];
  const outputs = trial.outputs.filter((output) => output !== null && output !== undefined);
  const place = `${name}.${column.name}`;
  if (column.kind !== "bytes" && outputs.some((output) => !canStandIn(output, column)))
    found.push(
      finding(
        "KIND_UNSUPPORTED",
        `${transform.name} can give ${place} what its type, ${column.type}, does not hold.`,
        "Choose a transform, or options, that give values of this type.",
      ),
    );
  const { charset } = column;
  if (charset !== undefined && outputs.some((output) => holdsText(output, charset) === false))
    found.push(
      finding(
        "KIND_UNSUPPORTED",
        `${transform.name} can give ${place} characters that its character set, ${charset}, does not hold.`,
        "Choose another locale, other options or another transform, or give the column utf8mb4.",
      ),
    );
  const tooLong = lengthProblem(column, outputs);
  if (tooLong !== null)
    found.push(
      finding(
        "LENGTH_EXCEEDED",
        `${transform.name} can give ${place} more than it holds: ${tooLong}.`,
        "Shorten the output by the transform's options, or choose another transform.",
      ),
    );
  for (const check of table.checks ?? []) {
    if (!check.columns.includes(column.name)) continue;
    const verdict = judge(check, plan, trial, system);
    // What several columns make of a check is tried by whole rows.
    if (verdict === "holds" || (verdict === "unknown" && check.columns.length > 1)) continue;
    const hint = "Choose options or a transform that meet the condition, or keep the column.";
    found.push(
      verdict === "broken"
        ? finding("CHECK_VIOLATED", `${transform.name} can give ${place} what the check ${check.name} refuses.`, hint)
        : finding(
            "CHECK_VIOLATED",
            `Whether ${transform.name} on ${place} meets the check ${check.name} cannot be told before the run: ${shown(check)}`,
            "If a row breaks it, the run stops and the target stays as it was.",
            "warning",
          ),
    );
  }
  return found;
}

function lengthProblem(column: Column, outputs: readonly string[]): string | null {
  const { maxLength, maxBytes, kind } = column;
  if (maxLength !== null && outputs.some((output) => isLonger(output, maxLength))) return counted(maxLength, "character");
  if (maxBytes && outputs.some((output) => bytesIn(output, column.charset) > maxBytes)) return counted(maxBytes, "byte");
  const digits = kind === "decimal" ? decimalDigits(column) : null;
  if (digits === null) return null;
  const { whole, scale } = digits;
  const isTooLong = (output: string) => {
    const [, before = "", after = ""] = /^[-+]?0*(\d*)\.?(\d*?)0*$/.exec(output) ?? [];
    return before.length > whole || after.length > Math.max(scale, 0);
  };
  return outputs.some(isTooLong) ? `${whole} digits before the point and ${scale} behind it` : null;
}

/** Whether every output meets a check. Only inputs that meet it themselves say something, unless the output does not come from the input. */
function judge(check: CheckConstraint, plan: ColumnPlan, trial: Trial, system: SystemName): "holds" | "broken" | "unknown" {
  const condition = parseCondition(check.expression);
  if (condition === null) return "unknown";
  const { column, rule } = plan;
  const subject: Subject = { columns: [column], system };
  const meetsWith = (part: Condition, value: string | null) => meets(part, subject, { [column.name]: value });
  const parts = conjunctsOf(condition).filter((part) => columnsOf(part).has(column.name));
  const own = parts.filter((part) => columnsOf(part).size === 1);
  const isFree = rule!.transform.technique === "substitution";
  const rows = trial.inputs.flatMap((input, index) => {
    const output = trial.outputs[index];
    const isValid = isFree || own.every((part) => meetsWith(part, input) === true);
    return output !== undefined && isValid ? [output] : [];
  });
  const results = parts.flatMap((part) => rows.map((output) => meetsWith(part, output)));
  if (results.includes(false)) return "broken";
  return rows.length === 0 || results.includes(undefined) ? "unknown" : "holds";
}
