import { isDeepStrictEqual } from "node:util";
import { compareColumns } from "./compare-columns.ts";
import type { LockedCheck, LockedExpression, LockedKey, LockedReference, LockedTable } from "./lock.ts";
import type { LockDifference } from "./lock-difference.ts";

type TablePair = readonly [former: LockedTable, now: LockedTable];

/**
 * Keys, references and CHECKs that came, went or changed. What only follows from a column or a table that was renamed, added or dropped is not told again.
 */
export function compareConstraints(pairs: readonly TablePair[], renames: ReadonlyMap<string, string>): readonly LockDifference[] {
  const columnNames = new Map(pairs.map((pair) => [pair[0].table, newNames(pair)]));
  const present = new Set(pairs.flatMap(([one, other]) => [one.table, other.table]));

  return pairs.flatMap(([former, now]) => {
    const rename = columnNames.get(former.table)!;
    const known = new Set(rename.values());
    const mapNames = (names: readonly string[]) => names.map((name) => rename.get(name) ?? name);
    const mapExpression = <Expression extends LockedExpression>(one: Expression) => ({ ...one, reads: mapNames(one.reads) });
    const mapKey = ({ columns, ignoresCase, overlaps, prefixes, expressions, predicate, ...key }: LockedKey): LockedKey => ({
      ...key,
      columns: mapNames(columns),
      ...(ignoresCase && { ignoresCase: mapNames(ignoresCase) }),
      ...(overlaps && { overlaps: mapNames(overlaps) }),
      ...(prefixes && {
        prefixes: Object.fromEntries(Object.entries(prefixes).map(([name, count]) => [rename.get(name) ?? name, count])),
      }),
      ...(expressions && { expressions: mapExpression(expressions) }),
      ...(predicate && { predicate: mapExpression(predicate) }),
    });
    const mapReference = (reference: LockedReference) => {
      const there = columnNames.get(reference.to);
      return {
        ...reference,
        columns: mapNames(reference.columns),
        to: renames.get(reference.to) ?? reference.to,
        toColumns: reference.toColumns.map((name) => there?.get(name) ?? name),
      };
    };
    const isOfKnown = ({ columns }: { readonly columns: readonly string[] }) => columns.every((name) => known.has(name));
    const readsKnown = ({ reads }: LockedExpression) => reads.every((name) => known.has(name));
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
      ...compareNamed(former.checks.map(mapExpression).filter(readsKnown), now.checks.filter(readsKnown), {
        change: "check-changed",
        table: now.table,
        // A domain's condition goes by one name for each column of the domain.
        nameOf: ({ check, reads }) => JSON.stringify([check, reads]),
        inWords: checkText,
      }),
    ];
  });
}

/** The new name of every column that is still there. */
function newNames([former, now]: TablePair): ReadonlyMap<string, string> {
  return new Map(compareColumns(now.table, former.columns, now.columns).pairs.map(([one, other]) => [one.column, other.column]));
}

interface Naming<Item> {
  readonly change: "key-constraint-changed" | "reference-changed" | "check-changed";
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
      const [was, is] = [inWords(item), inWords(other)];
      // Where an expression alone changed, the words are the same: no lock holds those of an expression.
      return tell(was === is ? `${table} has another expression in ${is}.` : `${table} had ${was}, and it is now ${is}.`);
    }),
    ...come.map((item) => tell(`${table} has the new ${inWords(item)}.`)),
  ];
}

function keyText({ key, columns, isPrimary, ignoresCase, overlaps, prefixes, expressions, predicate }: LockedKey): string {
  const part = (name: string) => {
    const start = prefixes?.[name] === undefined ? "" : `, first ${prefixes[name]} characters`;
    const caseless = ignoresCase?.includes(name) ? ", ignoring case" : "";
    return `${name}${start}${caseless}${overlaps?.includes(name) ? ", by overlap" : ""}`;
  };
  const of = expressions === undefined ? columns.map(part).join(", ") : expressionText(expressions);
  const where = predicate === undefined ? "" : ` where ${expressionText(predicate)}`;
  return `${predicate === undefined ? "" : "partial "}${isPrimary ? "primary key" : "unique key"} ${key} (${of || "an expression"})${where}`;
}

function expressionText({ reads }: LockedExpression): string {
  return reads.length === 0 ? "an expression" : `an expression of ${reads.join(", ")}`;
}

function checkText({ check, reads }: LockedCheck): string {
  return `CHECK ${check}${reads.length === 0 ? "" : ` (of ${reads.join(", ")})`}`;
}

function referenceText({ reference, columns, to, toColumns }: LockedReference): string {
  return `foreign key ${reference} (${columns.join(", ")} → ${to}.${toColumns.join(", ")})`;
}
