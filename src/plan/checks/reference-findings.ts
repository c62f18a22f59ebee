import type { Column, ForeignKey, Table } from "../../contracts.ts";
import type { Finding } from "../../errors.ts";
import { tableName } from "../../table-ref.ts";
import type { ResolvedRule } from "../resolve-rules.ts";

export function conflict(table: Table, column: Column, parent: ResolvedRule, own: ResolvedRule): Finding {
  const name = tableName(table.ref);
  const parentName = `${tableName(parent.owner.table)}.${parent.owner.column}`;
  return {
    code: "REFERENCE_CONFLICT",
    severity: "error",
    message: `${name}.${column.name} references ${parentName}, which is under ${parent.rule.transform.name}; its own rule (${own.rule.transform.name}) would break the join.`,
    table: name,
    column: column.name,
    hint: `Take the rule of ${name}.${column.name} out: it takes the one of ${parentName}.`,
  };
}

export function otherShape(table: Table, column: Column, { rule, owner }: ResolvedRule): Finding {
  const name = tableName(table.ref);
  return {
    code: "REFERENCE_CONFLICT",
    severity: "error",
    message: `${name}.${column.name} is ${column.type} and references ${tableName(owner.table)}.${owner.column}, which is ${owner.shape.type}: ${rule.transform.name} maps the two differently.`,
    table: name,
    column: column.name,
    hint: "Give both columns one type and one length, or keep both.",
  };
}

export function manyRules(table: Table, column: Column, { owner }: ResolvedRule): Finding {
  const name = tableName(table.ref);
  return {
    code: "REFERENCE_CONFLICT",
    severity: "error",
    message: `${name}.${column.name} references ${tableName(owner.table)}.${owner.column}, whose rule depends on the row.`,
    table: name,
    column: column.name,
    hint: "Reference what that column points to, under the same condition.",
  };
}

export function twoParents(table: Table, column: Column, one: ResolvedRule, other: ResolvedRule): Finding {
  const name = tableName(table.ref);
  const of = (rule: ResolvedRule) => `${tableName(rule.owner.table)}.${rule.owner.column}`;
  return {
    code: "REFERENCE_CONFLICT",
    severity: "error",
    message: `${name}.${column.name} references ${of(one)} and ${of(other)}, whose rules differ.`,
    table: name,
    column: column.name,
    hint: "Give both columns the same rule and domain.",
  };
}

export function unselectedParent(table: Table, key: ForeignKey): Finding {
  const name = tableName(table.ref);
  // MySQL's keys may point to another database, of which a run reads nothing.
  const isElsewhere = key.references.schema !== null && table.ref.schema === null;
  return {
    code: "REFERENCE_UNSELECTED",
    severity: "error",
    message: `${name} references ${tableName(key.references)} (${key.name}), which is not copied.`,
    table: name,
    column: key.columns[0],
    hint: isElsewhere
      ? `A run reads one database: skip ${name}, or copy from a source without the key.`
      : `Give the columns of ${tableName(key.references)} a rule, skip ${name} as well, or write "${tableName(key.references)}": "leave" where the target holds its rows already.`,
  };
}
