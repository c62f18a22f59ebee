import { isDeepStrictEqual } from "node:util";
import { compareColumns } from "./compare-columns.ts";
import type { LockedKey, LockedReference, LockedTable } from "./lock.ts";
import type { LockDifference } from "./lock-difference.ts";

type TablePair = readonly [former: LockedTable, now: LockedTable];

/**
 * Keys and references that came, went or changed. What only follows from a column or a table that was renamed, added or dropped is not told again.
 */
export function compareConstraints(pairs: readonly TablePair[], renames: ReadonlyMap<string, string>): readonly LockDifference[] {
  const columnNames = new Map(pairs.map((pair) => [pair[0].table, newNames(pair)]));
  const present = new Set(pairs.flatMap(([one, other]) => [one.table, other.table]));

  return pairs.flatMap(([former, now]) => {
    const rename = columnNames.get(former.table)!;
    const known = new Set(rename.values());
    const mapKey = (key: LockedKey) => ({ ...key, columns: key.columns.map((name) => rename.get(name) ?? name) });
    const mapReference = (reference: LockedReference) => {
      const there = columnNames.get(reference.to);
      return {
        ...reference,
        columns: reference.columns.map((name) => rename.get(name) ?? name),
        to: renames.get(reference.to) ?? reference.to,
        toColumns: reference.toColumns.map((name) => there?.get(name) ?? name),
      };
    };
    const isOfKnown = ({ columns }: { readonly columns: readonly string[] }) => columns.every((name) => known.has(name));
    return [
      ...compareNamed(former.keys.map(mapKey).filter(isOfKnown), now.keys.filter(isOfKnown), {
        change: "key-constraint-changed",
        table: now.table,
        nameOf: ({ key }) => key,
        inWords: keyText,
      }),
      ...compareNamed(
        former.references.map(mapReference).filter((one) => isOfKnown(one) && present.has(one.to)),
        now.references.filter((one) => isOfKnown(one) && present.has(one.to)),
        {
          change: "reference-changed",
          table: now.table,
          nameOf: ({ reference }) => reference,
          inWords: referenceText,
        },
      ),
    ];
  });
}

/** The new name of every column that is still there. */
function newNames([former, now]: TablePair): ReadonlyMap<string, string> {
  return new Map(compareColumns(now.table, former.columns, now.columns).pairs.map(([one, other]) => [one.column, other.column]));
}

interface Naming<Item> {
  readonly change: "key-constraint-changed" | "reference-changed";
  readonly table: string;
  nameOf(item: Item): string;
  inWords(item: Item): string;
}

function compareNamed<Item>(
  former: readonly Item[],
  now: readonly Item[],
  { change, table, nameOf, inWords }: Naming<Item>,
): readonly LockDifference[] {
  const tell = (message: string): LockDifference => ({ change, message, table });
  const gone = former.filter((item) => !now.some((other) => isDeepStrictEqual(item, other)));
  const come = now.filter((item) => !former.some((other) => isDeepStrictEqual(item, other)));
  return [
    ...gone.map((item) => {
      const at = come.findIndex((other) => nameOf(other) === nameOf(item));
      const [other] = at < 0 ? [] : come.splice(at, 1);
      if (other === undefined) return tell(`${table} no longer has ${inWords(item)}.`);
      return tell(`${table} had ${inWords(item)}, and it is now ${inWords(other)}.`);
    }),
    ...come.map((item) => tell(`${table} has the new ${inWords(item)}.`)),
  ];
}

function keyText({ key, columns, isPrimary, isPartial, expressions, predicate }: LockedKey): string {
  const of = [...columns, ...(expressions === undefined ? [] : [expressions])].join(", ") || "an expression";
  const where = predicate === undefined ? "" : ` where ${predicate}`;
  return `${isPartial ? "partial " : ""}${isPrimary ? "primary key" : "unique key"} ${key} (${of})${where}`;
}

function referenceText({ reference, columns, to, toColumns }: LockedReference): string {
  return `foreign key ${reference} (${columns.join(", ")} → ${to}.${toColumns.join(", ")})`;
}
