import type { Column, Table } from "../../contracts.ts";
import type { DataClass } from "../../policy/class-names.ts";
import { partsOfType } from "../../transforms/documents/part-types.ts";
import type { Classification, ColumnSample } from "../classification.ts";
import type { ValueEvidence } from "../recognise/recogniser.ts";
import { forItems, type Unwrapped } from "../recognise/unwrap-values.ts";
import type { NameLists } from "../words/name-lists.ts";
import { proposeDocument } from "./propose-document.ts";
import { proposeFields } from "./propose-fields.ts";
import { rulesByValues } from "./rules-by-values.ts";
import { rulesForClass } from "./rules-for-class.ts";
import { type SuggestedRule, suggested } from "./suggested-rule.ts";

/** What is carried within the values of a column, and what was found there. */
export interface Carried {
  readonly inner: Unwrapped;
  readonly evidence: readonly ValueEvidence[];
}

export interface ClassifiedColumn {
  readonly kind: DataClass;
  readonly table: Table;
  readonly column: Column;
  readonly evidence: readonly ValueEvidence[];
  readonly carried: readonly Carried[];
  /** Distinct values. */
  readonly seen: readonly string[];
}

/** Looks at a part of the values as at a column. */
type ClassifyPart = (sample: ColumnSample) => Classification;

/** Rules that the column's form and its values speak for, best first: what is inside of documents, arrays and codes is masked there. */
export function rulesForValues(of: ClassifiedColumn, classify: ClassifyPart, lists: NameLists): readonly SuggestedRule[] {
  const { kind, table, column, evidence, carried, seen } = of;
  const isUnique = table.uniqueKeys.some(({ columns }) => columns.includes(column.name));
  if (column.kind === "array") return isUnique ? [] : arrayRules(of);
  const isDocument = kind === "document" || ["json", "xml", "other"].includes(column.kind);
  if (isDocument) {
    const context = { column, mayKeep: kind === "document", lists, classify };
    const rule = proposeDocument(seen, context) ?? proposeFields(seen, context);
    return rule === null ? [] : [rule, forEveryRow(rule)];
  }
  const within = carried.find(({ evidence }) => evidence.some((one) => one.kind === kind && one.share >= 0.5));
  if (within !== undefined && !evidence.some((one) => one.kind === kind && one.share >= 0.5)) {
    const part = textOf(column);
    const rules = [
      ...rulesByValues({ kind, column: part, isUnique: false, evidence: within.evidence, seen: within.inner.values }),
      ...rulesForClass(kind, part, false),
    ];
    return rules.flatMap((rule) => within.inner.wrap(rule) ?? []);
  }
  return rulesByValues({ kind, column, isUnique, evidence, seen });
}

/** The same for a column that must have a value: a JSON number may become a text there, and a value that is of no form stops the run. */
function forEveryRow({ transform, options: { onUnsupported: _, ...options } }: SuggestedRule): SuggestedRule {
  return suggested(transform, { ...options, ...(transform === "maskJson" && { asText: true }) });
}

/** The rules of the class for each item, then what empties the column. */
function arrayRules({ kind, column, carried }: ClassifiedColumn): readonly SuggestedRule[] {
  const [part] = partsOfType(column, (column.baseType ?? column.type).replace(/\[\]$/, ""));
  const { inner, evidence } = carried[0] ?? { inner: { values: [] }, evidence: [] };
  const rules = [
    ...rulesByValues({ kind, column: part!, isUnique: false, evidence, seen: inner.values }),
    ...rulesForClass(kind, part!, false),
  ];
  return rules.map(forItems);
}

const textOf = (column: Column): Column => ({ ...column, kind: "text", type: "text", maxLength: null });
