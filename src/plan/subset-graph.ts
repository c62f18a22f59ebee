import type { Column, SelectionChildren, SelectionEdge, SelectionGraph, Table } from "../contracts.ts";
import type { Finding, Place } from "../errors.ts";
import type { Policy } from "../policy/define-policy.ts";
import { draftOf } from "../policy/parse/policy-draft.ts";
import type { SubsetPolicy, SubsetTable } from "../policy/subset-policy.ts";
import { partsOf } from "../subset/selection-parts.ts";
import { isSameTable, tableName } from "../table-ref.ts";
import { nearestNames } from "../transforms/nearest-name.ts";
import { columnsBy, conditionOf, type ReportSubset, reportNoKey, seedOf } from "./subset-seeds.ts";
import { isNamed } from "./table-patterns.ts";
import type { VirtualReference } from "./virtual-references.ts";

/** What the policy's `subset` means for these tables; null where it says nothing, or nothing that could be done. */
export interface FoundSubset {
  readonly graph: SelectionGraph | null;
  readonly findings: readonly Finding[];
}

/** An edge before it is known what comes along over it. */
type BareEdge = Omit<SelectionEdge, "children">;

/** Makes the graph that a selection is worked out by: the copied tables, and every reference among them, declared or of the policy. */
export function subsetGraph(policy: Policy, tables: readonly Table[], references: readonly VirtualReference[]): FoundSubset {
  const { subset } = policy;
  if (subset === undefined || Object.keys(subset).length === 0) return { graph: null, findings: [] };
  const findings: Finding[] = [];
  const words = new Map<number, SubsetTable | "all">();
  const placeOf = (name: string, relation?: string): Place => {
    const draft = draftOf(policy)?.subset.get(name);
    return (relation === undefined ? undefined : draft?.relations.get(relation)) ?? draft?.place ?? {};
  };
  const reportAt =
    (name: string, relation?: string): ReportSubset =>
    (message, hint, code = "POLICY_INVALID") =>
      findings.push({ code, severity: "error", message, hint, table: name, ...placeOf(name, relation) });
  for (const [name, own] of Object.entries(subset)) {
    const index = tables.findIndex(({ ref }) => isNamed(ref, name));
    if (index < 0) reportAt(name)(...unknownTable(name, tables), "TABLE_UNKNOWN");
    else words.set(index, own);
  }
  const bare = eachOnce([...declaredEdges(tables), ...virtualEdges(tables, references)]);
  const rules = bare.map((edge): SelectionChildren => ({ ...NONE, come: edge.from !== edge.to }));
  const nameOf = (index: number) => Object.keys(subset).find((name) => isNamed(tables[index]!.ref, name))!;
  const known = tables.map((table, index) => {
    const own = words.get(index);
    if (own === undefined || own === "all") return { table, seed: null, isAll: own === "all" };
    const name = nameOf(index);
    applyChildren({ table: name, index, words: own, subset }, tables, bare, rules, (relation) => reportAt(name, relation));
    return { table, seed: seedOf(table, own, reportAt(name)), isAll: false };
  });
  if (findings.length === 0 && known.every(({ seed }) => seed === null)) {
    const [name] = Object.keys(subset);
    reportAt(name!)("`subset` chooses no rows.", "Say of at least one table which rows: { customers: { percent: 5 } }.");
  }
  if (findings.length > 0) return { graph: null, findings };
  const edges = bare.map((edge, index): SelectionEdge => ({ ...edge, children: rules[index]! }));
  const parts = partsOf(known, edges);
  return { graph: { tables: known.map((one, index) => ({ ...one, part: parts[index]! })), edges }, findings };
}

const NONE: SelectionChildren = { come: false, where: null, max: null, by: [] };

function declaredEdges(tables: readonly Table[]): readonly BareEdge[] {
  return tables.flatMap(({ columns, foreignKeys }, from) =>
    foreignKeys.flatMap(({ name, columns: own, references, referencedColumns }): BareEdge[] => {
      const to = tables.findIndex(({ ref }) => isSameTable(ref, references));
      if (to < 0) return [];
      const [ends, others] = [namedIn(columns, own), namedIn(tables[to]!.columns, referencedColumns)];
      // A file may lack columns that the target's key is of: rows of it point nowhere.
      if (ends.length < own.length || others.length < own.length) return [];
      return [{ name, from, to, columns: ends, referencedColumns: others, when: null }];
    }),
  );
}

function virtualEdges(tables: readonly Table[], references: readonly VirtualReference[]): readonly BareEdge[] {
  const indexOf = ({ selected }: VirtualReference["from"]) => tables.findIndex(({ ref }) => ref === selected.table.ref);
  return references.map(({ from, to, when }) => {
    const name = `${tableName(from.selected.table.ref)}.${from.column.name} → ${tableName(to.selected.table.ref)}.${to.column.name}`;
    return { name, from: indexOf(from), to: indexOf(to), columns: [from.column], referencedColumns: [to.column], when };
  });
}

const namedIn = (columns: readonly Column[], names: readonly string[]): readonly Column[] =>
  names.flatMap((name) => columns.filter((column) => column.name === name));

/** Partitions have a key each where their table has one, and a policy may say what a key says. */
function eachOnce(edges: readonly BareEdge[]): readonly BareEdge[] {
  const once = new Map<string, BareEdge>();
  for (const edge of edges) {
    const { from, to, columns, referencedColumns, when } = edge;
    const pairs = columns.map(({ name }, index) => [name, referencedColumns[index]!.name]).sort();
    const id = JSON.stringify([from, to, pairs, when]);
    if (!once.has(id)) once.set(id, edge);
  }
  return [...once.values()];
}

interface OwnChildren {
  /** As the policy calls it. */
  readonly table: string;
  readonly index: number;
  readonly words: SubsetTable;
  readonly subset: SubsetPolicy;
}

/** Says of the edges that point to one table what comes along over them. */
function applyChildren(
  { table, index, words, subset }: OwnChildren,
  tables: readonly Table[],
  edges: readonly BareEdge[],
  rules: SelectionChildren[],
  reportOf: (relation?: string) => ReportSubset,
): void {
  const { children } = words;
  if (children === undefined) return;
  const own = [...edges.entries()].filter(([, { to }]) => to === index);
  if (typeof children === "string") {
    for (const [edge] of own) rules[edge] = { ...NONE, come: children === "all" };
    return;
  }
  for (const [relation, wanted] of Object.entries(children)) {
    const report = reportOf(relation);
    const meant = own.filter(([, edge]) => isCalled(edge, relation, tables[edge.from]!));
    if (meant.length === 0)
      report(
        ...unknownRelation(
          table,
          relation,
          own.map(([, edge]) => edge),
          tables,
        ),
      );
    for (const [edge, { from }] of meant) {
      if (wanted === "all" || wanted === "none") rules[edge] = { ...NONE, come: wanted === "all" };
      else rules[edge] = boundedChildren(wanted, tables[from]!, subset, report);
    }
  }
}

function boundedChildren(
  { max: most, where }: { readonly max?: number | undefined; readonly where?: string | undefined },
  child: Table,
  subset: SubsetPolicy,
  report: ReportSubset,
): SelectionChildren {
  const max = most ?? null;
  const words = Object.entries(subset).find(([name]) => isNamed(child.ref, name))?.[1];
  const by = max === null ? [] : columnsBy(child, typeof words === "object" ? words : {}, report);
  if (max !== null && by.length === 0) reportNoKey(child, "its rows are drawn by", report);
  return { come: true, where: where === undefined ? null : conditionOf(where, child, report), max, by };
}

/** A relation is called by the table that points, by that and its columns, or by the name of its key. */
function isCalled({ name, columns }: BareEdge, relation: string, { ref }: Table): boolean {
  if (name === relation || isNamed(ref, relation)) return true;
  const written = columns.map((column) => column.name).join(",");
  const at = relation.lastIndexOf(".");
  return at > 0 && isNamed(ref, relation.slice(0, at)) && relation.slice(at + 1).replaceAll(" ", "") === written;
}

function unknownTable(name: string, tables: readonly Table[]): [message: string, hint: string] {
  const near = nearestNames(
    name,
    tables.map(({ ref }) => tableName(ref)),
    1,
  );
  const hint = near.length > 0 ? `Did you mean ${near.join()}?` : "Name one of the tables that the policy copies.";
  return [`subset: ${name} is not copied or not there.`, hint];
}

function unknownRelation(
  table: string,
  relation: string,
  edges: readonly BareEdge[],
  tables: readonly Table[],
): [message: string, hint: string] {
  const names = edges.map(({ from, columns }) => `${tableName(tables[from]!.ref)}.${columns.map(({ name }) => name).join(",")}`);
  const near = nearestNames(relation, [...names, ...edges.map(({ from }) => tableName(tables[from]!.ref))], 1);
  const meant = near.length > 0 ? `Did you mean ${near.join()}? ` : "";
  const there = names.length === 0 ? "Nothing points to it." : `To ${table} point: ${names.join(", ")}.`;
  return [`subset: nothing called ${relation} points to ${table}.`, meant + there];
}
