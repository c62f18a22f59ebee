import type { Column, ColumnKind } from "../../contracts.ts";
import type { DataClass } from "../../policy/class-names.ts";
import { partOf } from "../../transforms/documents/part-masks.ts";
import type { Classification, ColumnSample } from "../classification.ts";
import { classOfLeaf } from "../recognise/document-leaves.ts";
import type { LeafShape } from "../recognise/document-tree.ts";
import type { NameLists } from "../words/name-lists.ts";
import { suggestPart } from "./suggest-rule.ts";
import { type SuggestedRule, suggested } from "./suggested-rule.ts";

/** What the parts of a column's values are looked at with. */
export interface PartContext {
  readonly column: Column;
  /** Whether what seems harmless may be kept: not where the column as a whole is of a class. */
  readonly mayKeep: boolean;
  readonly lists: NameLists;
  classify(sample: ColumnSample): Classification;
}

/** The values that one place of the column's values has. */
export interface SeenPart {
  /** What the place is called, in a path or as a field. */
  readonly name: string;
  readonly values: readonly string[];
  readonly shapes: ReadonlySet<LeafShape>;
  readonly neighbours: readonly string[];
  /** What the places around it tell: degrees beside degrees. @default nothing */
  readonly told?: DataClass | null;
  /** Whether each name on the way to it may stand in a policy. */
  readonly isOfForm: boolean;
}

export const KEPT = suggested("keep");

/** As sure as this, a part is kept: what is doubted within a document is closed, as nobody is asked about it. */
const HARMLESS = 0.8;
/** A document has many parts, and each is looked at as a column is. */
const LOOKED_AT = 60;

/** The rule for a part, `KEPT` where it is as harmless as a column that is kept, null where what nobody names should become of it. */
export function proposePart(part: SeenPart, { column, mayKeep, classify, lists }: PartContext): SuggestedRule | null {
  if (part.values.length === 0) return null;
  const kind = kindOf(part.shapes);
  const placed = partOf(column, kind, { name: part.name });
  const table = {
    ref: { schema: null, name: column.name },
    columns: [placed],
    uniqueKeys: [],
    foreignKeys: [],
    rowEstimate: null,
  };
  const told = part.told ?? toldBy(part);
  const found = classify({
    table,
    column: placed,
    values: part.values.slice(0, LOOKED_AT),
    neighbours: part.neighbours,
    isPart: true,
  });
  if (found.decision === "keep" && told === null)
    return mayKeep && part.isOfForm && found.confidence >= HARMLESS && !areFirstNames(part.values, lists) ? KEPT : null;
  const rule = found.decision === "keep" ? suggestPart(told!, table, placed) : found.rule;
  return rule === null ? null : thatGoesOn(rule, kind);
}

/** Of a few values a column's classes say nothing. */
const areFirstNames = (values: readonly string[], { first }: NameLists) =>
  values.filter((value) => first.has(value.toLowerCase())).length >= 0.5 * values.length;

/** A class that a single value shows is the part's: what is rare is there all the same. */
function toldBy({ name, values }: SeenPart): DataClass | null {
  for (const value of values) {
    const kind = classOfLeaf(name, value);
    if (kind !== null) return kind;
  }
  return null;
}

function kindOf(shapes: ReadonlySet<LeafShape>): ColumnKind {
  return (["text", "decimal", "integer", "boolean"] as const).find((shape) => shapes.has(shape)) ?? "text";
}

/** They take every value. */
const NEVER_STOP = new Set(["fake", "tokenize", "redact", "nullify", "constant", "keep", "maskText"]);

/** One part that a mask cannot handle should not cost the whole value. */
function thatGoesOn(rule: SuggestedRule, kind: ColumnKind): SuggestedRule {
  if (NEVER_STOP.has(rule.transform)) return rule;
  return suggested(rule.transform, { ...rule.options, onUnsupported: kind === "text" ? "redact" : "nullify" });
}
