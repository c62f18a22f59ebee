import type { Column, DataSchema, SystemName, Table } from "../../contracts.ts";
import type { Finding } from "../../errors.ts";
import { isDatabase, isUntyped } from "../../system-traits.ts";
import { isSameTable, tableName } from "../../table-ref.ts";
import { counted } from "../../written-numbers.ts";
import type { ColumnPlan, TablePlan } from "../plan.ts";
import { checkDemands } from "./check-target-demands.ts";
import { isLossy } from "./lossy-type.ts";

const BY_MIGRATION = "Bring the target's migrations up to date, or point to an empty database: standin then makes every table.";

/** Whether the target's tables can hold what the plan sends them. Where it has no table at all, standin makes them as the source has them. */
export function checkTarget(tables: readonly TablePlan[], source: SystemName, target: DataSchema): readonly Finding[] {
  if (!isDatabase(target.system)) return [];
  if (target.tables.length === 0 && source === target.system) return [];
  return tables.flatMap((plan) => {
    const there = target.tables.find(({ ref }) => isSameTable(ref, plan.table.ref));
    if (there === undefined) return [missingTable(plan, source === target.system)];
    const more = source === target.system ? checkDemands(plan, there) : [];
    return [...checkColumns(plan, there), ...more];
  });
}

function missingTable({ table }: TablePlan, canBeMade: boolean): Finding {
  const name = tableName(table.ref);
  return {
    code: "TARGET_TABLE_MISSING",
    severity: "error",
    message: `The target has no table ${name}.`,
    table: name,
    hint: canBeMade ? BY_MIGRATION : "Make the target's tables first: the source does not tell how they are made.",
  };
}

function checkColumns({ table, columns }: TablePlan, there: Table): readonly Finding[] {
  const name = tableName(table.ref);
  const mismatch = (column: string, message: string): Finding => ({
    code: "TARGET_MISMATCH",
    severity: "error",
    message,
    table: name,
    column,
    hint: BY_MIGRATION,
  });
  const findings: Finding[] = [];
  for (const plan of columns) {
    const { column, decision } = plan;
    const other = there.columns.find((one) => one.name === column.name);
    if (decision === "generated") {
      if (other !== undefined && !other.isGenerated)
        findings.push(
          mismatch(column.name, `The source computes ${name}.${column.name}, and the target does not: it would stay empty.`),
        );
    } else if (other === undefined) findings.push(mismatch(column.name, `The target's ${name} has no column ${column.name}.`));
    else if (other.isGenerated)
      findings.push(mismatch(column.name, `The target computes ${name}.${column.name}: it cannot be written.`));
    else {
      findings.push(
        ...narrowings(plan, other).map((what) => mismatch(column.name, `The target's ${name}.${column.name} ${what}.`)),
      );
      if (mayBeTooLong(plan, other)) {
        const message = `The target's ${name}.${column.name} holds ${counted(other.maxLength!, "character")}, and the source's any number: a longer value stops the run.`;
        findings.push({ ...mismatch(column.name, message), severity: "warning" });
      }
      if (decision === "keep" && other.charset !== undefined && other.charset !== column.charset) {
        const message = `The target's ${name}.${column.name} holds the characters of ${other.charset} alone, and the source's more: a row with another one stops the run.`;
        findings.push({ ...mismatch(column.name, message), severity: "warning" });
      }
    }
  }
  for (const other of there.columns) {
    // A column of the source without a rule has no place in the plan yet, and a finding of its own.
    if (other.nullable || other.hasDefault || other.isGenerated || table.columns.some(({ name }) => name === other.name))
      continue;
    findings.push(
      mismatch(
        other.name,
        `The target's ${name}.${other.name} is NOT NULL without a default, and the source has no such column.`,
      ),
    );
  }
  return findings;
}

/** In what the target's column holds less than the source's, or would change in silence. Those of CSV and JSON Lines claim nothing. */
function narrowings({ column, rule, decision }: ColumnPlan, other: Column): readonly string[] {
  const found: string[] = [];
  if (column.nullable && !other.nullable && !isUntyped(column)) found.push("is NOT NULL, and the source's may be NULL");
  const longest = longestOutput(rule, decision, column);
  if (other.maxLength !== null && longest !== null && other.maxLength < longest.length) {
    found.push(`holds ${counted(other.maxLength, "character")}, and ${longest.of} ${longest.length}`);
  }
  if (other.kind !== column.kind && column.kind !== "text" && other.kind !== "text")
    found.push(`is ${other.type}, and the source's is ${column.type}`);
  else if (isLossy(column, other))
    found.push(`is ${other.type}, and the source's is ${column.type}: values would change or not fit`);
  if (other.labels !== null && column.labels !== null) {
    const missing = column.labels.filter((label) => !other.labels!.includes(label));
    if (missing.length > 0) found.push(`lacks ${missing.length} of the source's enum labels`);
  }
  return found;
}

/** The longest text that the target must hold, where anybody knows. */
function longestOutput(rule: ColumnPlan["rule"], decision: ColumnPlan["decision"], column: Column) {
  const output = decision === "mask" && rule !== null ? rule.transform.maxOutputLength(rule.options, column) : null;
  if (output !== null) return { of: `${rule!.transform.name} gives up to`, length: output };
  return column.maxLength === null ? null : { of: "the source's", length: column.maxLength };
}

function mayBeTooLong({ column, rule, decision }: ColumnPlan, other: Column): boolean {
  return (
    column.kind === "text" && !isUntyped(column) && other.maxLength !== null && longestOutput(rule, decision, column) === null
  );
}
