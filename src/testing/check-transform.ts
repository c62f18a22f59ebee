import type { Column, ColumnKind, ColumnValues, Rule } from "../contracts.ts";
import { brokenConductPromises } from "./conduct-promises.ts";
import { brokenDistinctness, type DistinctValues } from "./distinct-values.ts";
import { examKey } from "./exam-key.ts";
import { brokenElsewhere, brokenMappingPromises } from "./mapping-promises.ts";
import { type OtherColumn, type Sitting, sit } from "./mask-sitting.ts";
import { brokenOnOddValues } from "./odd-values.ts";
import type { RuleElsewhere } from "./other-process.ts";
import { brokenOutputPromises } from "./output-promises.ts";
import { brokenReversal } from "./reversal-promise.ts";
import { typicalColumn, typicalColumns } from "./typical-columns.ts";

/** What `checkTransform` is to try a rule on. */
export interface TransformExam {
  /** The column to mask: its kind, or what a source would say of it. @default typical columns of each kind that the transform accepts */
  readonly column?: ColumnKind | (Partial<Column> & Pick<Column, "kind">) | undefined;
  /** Its cells, as the source would write them. @default typical values of the kind */
  readonly values?: ColumnValues | undefined;
  /** Other columns of the rows, as long as `values`. @default subjects that occur several times, for each column that the transform reads */
  readonly others?: { readonly [column: string]: ColumnValues } | undefined;
  /**
   * How many different values to mask beside those where uniqueness is promised, by their number where the transform takes values of its own form: none may
   * meet another. A million takes seconds.
   * @default none
   */
  readonly distinct?: number | DistinctValues | undefined;
  /** The same rule in another process, where it must give the same. @default the exam stays in this one */
  readonly elsewhere?: RuleElsewhere | undefined;
  /** The masking key. @default a fixed one, which protects nothing */
  readonly key?: string | Uint8Array | undefined;
}

/**
 * Examines a transform by what it promises of itself: determinism in any order and batch size, uniqueness, length, change, NULL, the form of its
 * outputs, the columns that it reads, the key that it uses. Returns the broken promises as sentences, none where all are kept. A sentence names
 * the row, never a cell.
 *
 * Needs no test runner. What no run can show (that whoever lacks the key cannot get a value back) is not examined.
 *
 * @example
 * expect(await checkTransform(redact({ keepLast: 4 }))).toEqual([]);
 * expect(await checkTransform(roundAge({ to: 5 }), { column: "integer", values: ["41", "42", null] })).toEqual([]);
 */
export async function checkTransform(rule: Rule | (() => Rule), exam: TransformExam = {}): Promise<readonly string[]> {
  const examined = typeof rule === "function" ? rule() : rule;
  const { transform, options } = examined;
  const columns = columnsOf(examined, exam);
  const broken: string[] = [];
  /** By kind, whether any value was handled. */
  const accepted = new Map<ColumnKind, boolean>();
  for (const { column, values } of columns) {
    const sitting: Sitting = { rule: examined, column, values, others: othersOf(examined, exam, values.length) };
    const found = await checkOn(sitting, exam);
    if (found === null) continue;
    accepted.set(column.kind, found.handled || accepted.get(column.kind) === true);
    broken.push(...found.broken.map((sentence) => `${transform.name} on ${column.type}: ${sentence}.`));
  }
  for (const [kind, handled] of accepted)
    if (!handled) broken.push(`${transform.name}: says that it accepts ${kind}, and can handle none of the exam's values.`);
  if (accepted.size === 0) {
    const refusals = columns.flatMap(({ column }) => transform.checkColumn(options, column));
    broken.push(`${transform.name}: refuses every column of the exam${refusals.length > 0 ? ` (${refusals[0]})` : ""}.`);
  }
  return broken;
}

const OTHER_KEYS = 8;

/** Null where the transform refuses the column before any row, as it may: the plan would tell. */
async function checkOn(sitting: Sitting, exam: TransformExam): Promise<{ broken: string[]; handled: boolean } | null> {
  const { rule, column, values } = sitting;
  const { transform, options } = rule;
  if (!transform.accepts.includes(column.kind) || transform.checkColumn(options, column).length > 0) return null;
  const longest = transform.maxOutputLength(options, column);
  if (longest !== null && column.maxLength !== null && longest > column.maxLength) return null;

  const domain = rule.domain ?? transform.defaultDomain(options);
  const usual = { key: examKey(exam.key, "first"), domain, batchRows: Math.max(values.length, 1) };
  const base = await sit(sitting, usual);
  if (base.kind === "refused") return null;
  if (base.kind === "failed") return { broken: [base.why, ...(await brokenOnOddValues(sitting, usual))], handled: true };
  const others = Array.from({ length: OTHER_KEYS }, (_, index) => ({
    key: examKey(undefined, `other ${index}`),
    domain: `${domain} of exam ${index}`,
  }));
  const broken = [
    ...(await brokenConductPromises(sitting, usual)),
    ...brokenOutputPromises(sitting, base),
    ...(await brokenMappingPromises(sitting, usual, others, base)),
    ...(await brokenReversal(sitting, usual, base)),
    ...(exam.elsewhere === undefined ? [] : await brokenElsewhere(sitting, usual, base, exam)),
    ...(exam.distinct === undefined ? [] : await brokenDistinctness(sitting, usual, exam.distinct)),
    ...(await brokenOnOddValues(sitting, usual)),
    ...(await brokenOnNothing(sitting, usual)),
  ];
  const handled =
    values.every((value) => value === null) || base.values.some((value, row) => values[row] !== null && value !== undefined);
  return { broken, handled };
}

/** A batch may hold NULL alone, and a table no row at all. */
async function brokenOnNothing(sitting: Sitting, usual: Parameters<typeof sit>[1]): Promise<string[]> {
  const broken: string[] = [];
  for (const [what, rows] of [
    ["an empty batch", 0],
    ["a batch of NULL", 3],
  ] as const) {
    const nulls = new Array<null>(rows).fill(null);
    const others = sitting.others.map(({ column }) => ({ column, values: nulls }));
    const outcome = await sit({ ...sitting, values: nulls, others }, usual);
    if (outcome.kind !== "masked") broken.push(`${outcome.why} on ${what}`);
  }
  return broken;
}

function columnsOf({ transform }: Rule, { column, values }: TransformExam): readonly { column: Column; values: ColumnValues }[] {
  if (column === undefined) {
    const kinds = values === undefined ? transform.accepts : transform.accepts.slice(0, 1);
    return kinds.flatMap(typicalColumns).map((typical) => ({ ...typical, values: values ?? typical.values }));
  }
  if (typeof column === "string" && values === undefined) return typicalColumns(column);
  const described = typeof column === "string" ? typicalColumn(column) : typicalColumn(column.kind, column);
  return [{ column: described, values: values ?? typicalColumns(described.kind)[0]!.values }];
}

/** Few enough that a subject occurs again in another batch. */
const SUBJECTS = 11;

function othersOf({ transform, options }: Rule, { others = {} }: TransformExam, rows: number): readonly OtherColumn[] {
  const subjects = Array.from({ length: rows }, (_, row) => `subject ${row % SUBJECTS}`);
  const read = [...transform.reads(options), ...(transform.readsMasked?.(options) ?? [])];
  const named = new Map<string, ColumnValues>(read.map((name) => [name, subjects]));
  for (const [name, values] of Object.entries(others)) named.set(name, values);
  const bystander = { column: typicalColumn("text", { name: "of no concern" }), values: subjects };
  return [...[...named].map(([name, values]) => ({ column: typicalColumn("text", { name }), values })), bystander];
}
