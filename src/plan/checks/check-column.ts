import type { Column, Rule, Table } from "../../contracts.ts";
import type { Finding, StandinErrorCode } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import { counted } from "../../written-numbers.ts";
import type { ColumnPlan } from "../plan.ts";

/** Smallest domain in which the mapping of one value tells little about the others (NIST SP 800-38G Rev. 1, 2nd draft, asks for it). */
const SAFE_DOMAIN = 1_000_000;

/** Whether a transform's output can stand in the column: kind, NULL, length, the transform's own demands. */
export function checkColumn(table: Table, { column, rule, decision }: ColumnPlan): readonly Finding[] {
  if (decision !== "mask" || rule === null) return [];
  const { transform, options } = rule;
  const name = tableName(table.ref);
  const findings: Finding[] = [];
  const report = (code: StandinErrorCode, message: string, hint?: string, severity: Finding["severity"] = "error") =>
    findings.push({ code, severity, message, table: name, column: column.name, hint });

  if (!transform.accepts.includes(column.kind)) {
    report(
      "KIND_UNSUPPORTED",
      `${transform.name} cannot mask ${name}.${column.name}: it is ${column.type} (${column.kind}).`,
      `${transform.name} accepts ${transform.accepts.join(", ")}.`,
    );
    return findings;
  }
  if (!column.nullable && (transform.givesNull(options) || rule.onUnsupported === "nullify")) {
    report(
      "NOT_NULLABLE",
      `${transform.name} can give NULL, and ${name}.${column.name} is NOT NULL.`,
      "Use constant, redact or a fake instead.",
    );
  }
  if (rule.onUnsupported === "redact" && column.kind !== "text") {
    report(
      "KIND_UNSUPPORTED",
      `onUnsupported: redact needs a text column, and ${name}.${column.name} is ${column.type}.`,
      "Use fail or nullify.",
    );
  }
  const longest = transform.maxOutputLength(options, column);
  if (longest !== null && column.maxLength !== null && longest > column.maxLength) {
    report(
      "LENGTH_EXCEEDED",
      `${transform.name} gives ${name}.${column.name} up to ${counted(longest, "character")}, and it holds ${column.maxLength}.`,
      "Shorten the output by the transform's options, or choose another transform.",
    );
  }
  const problems = transform.checkColumn(options, column);
  for (const message of problems) report("OPTION_INVALID", `${name}.${column.name}: ${message}`);
  const domain = problems.length > 0 ? null : smallDomain(rule, column);
  if (domain !== null) {
    const isOfColumn = smallDomain(rule, { ...column, maxLength: null, range: null }) === null;
    report(
      "DOMAIN_SMALL",
      `${transform.name} maps ${name}.${column.name} within ${counted(domain, "value")}: who knows a few pairs learns much about the rest.`,
      isOfColumn
        ? `A column of ${column.type} leaves no more to a mask that maps its values one to one: where that tells too much, use redact, nullify, constant or pick.`
        : "Mask it with a transform that keeps less of the value.",
      "warning",
    );
  }
  return findings;
}

/** How many values a rule maps among themselves, where they are too few. */
function smallDomain({ transform, options }: Rule, column: Column): number | null {
  const domain = transform.smallDomain(options, column);
  return domain !== null && domain < SAFE_DOMAIN ? domain : null;
}
