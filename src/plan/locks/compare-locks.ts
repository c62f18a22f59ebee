import type { Table } from "../../contracts.ts";
import { tableName } from "../../table-ref.ts";
import { compareColumns } from "./compare-columns.ts";
import { compareConstraints } from "./compare-constraints.ts";
import { type ChangedRules, compareRules } from "./compare-rules.ts";
import { compareSubsets } from "./compare-subsets.ts";
import type { Lock, LockedColumn, LockedTable } from "./lock.ts";
import type { LockDifference } from "./lock-difference.ts";

/**
 * Says what is not as a lock has it, each thing once: a renamed column is not one dropped and one added, and a rule that foreign keys hand on is told where it is
 * written. Empty where nothing changed. `notCopied` are the tables that the policy does not copy: a lock has only their names, and one of them may be a former table
 * under a new name.
 */
export function compareLocks(former: Lock, now: Lock, notCopied: readonly Table[] = []): readonly LockDifference[] {
  const tables = pairTables(former, now, notCopied);
  const rules: ChangedRules = new Set();
  return [
    ...compareHeads(former, now),
    ...compareSubsets(former.subset, now.subset),
    ...tables.differences,
    ...tables.pairs.flatMap(([one, other]) => {
      const columns = compareColumns(other.table, one.columns, other.columns);
      return [...columns.differences, ...compareRules(other.table, columns.pairs, rules)];
    }),
    ...compareConstraints(tables.pairs, tables.renames),
  ].filter(
    ({ change, column, table }) =>
      change !== "rule-changed" || !(isHandedOn(now, rules, table, column) || isLeftBehind(former, now, table, column)),
  );
}

function compareHeads(former: Lock, now: Lock): readonly LockDifference[] {
  const found: LockDifference[] = [];
  if (former.source !== now.source)
    found.push({ change: "source-changed", message: `The source was ${former.source} and is ${now.source}.` });
  if (former.key !== null && now.key !== null && former.key !== now.key)
    found.push({
      change: "key-changed",
      message: `The key is another one: its fingerprint was ${former.key} and is ${now.key}. Every keyed value would map otherwise.`,
      hint: "Set STANDIN_KEY to the former key, or accept that this copy joins with no earlier one.",
    });
  if (former.faker !== null && now.faker !== null && former.faker !== now.faker)
    found.push({
      change: "faker-changed",
      message: `faker was ${former.faker} and is ${now.faker}: the same value may get another fake.`,
      hint: `Install @faker-js/faker ${former.faker} again, or accept that fakes differ from those of earlier copies.`,
    });
  if (former.mapping !== now.mapping)
    found.push({
      change: "mapping-changed",
      message: `The mapping of transforms was ${former.mapping} and is ${now.mapping}: the same value may map otherwise.`,
      hint: "See CHANGELOG.md of standin for what changed.",
    });
  return found;
}

interface PairedTables {
  readonly pairs: readonly (readonly [LockedTable, LockedTable])[];
  readonly differences: readonly LockDifference[];
  /** New names by former ones. */
  readonly renames: ReadonlyMap<string, string>;
}

function pairTables(former: Lock, now: Lock, notCopied: readonly Table[]): PairedTables {
  const after = new Map(now.tables.map((table) => [table.table, table]));
  const before = new Map(former.tables.map((table) => [table.table, table]));
  const known = new Set([...before.keys(), ...former.notCopied]);
  const present = new Set([...after.keys(), ...now.notCopied]);
  const shapes = new Map([
    ...now.tables.map((table) => [table.table, shapeOf(table.columns)] as const),
    ...notCopied.map(
      ({ ref, columns }) => [tableName(ref), shapeOf(columns.map(({ name, type }) => ({ column: name, type })))] as const,
    ),
  ]);
  const differences: LockDifference[] = [];
  const renames = new Map<string, string>();
  const pairs = former.tables.flatMap((table): [LockedTable, LockedTable][] => {
    const other = after.get(table.table);
    return other === undefined ? [] : [[table, other]];
  });

  const added = new Set([...present].filter((name) => !known.has(name)));
  for (const name of [...known].filter((name) => !present.has(name))) {
    const table = before.get(name);
    const renamed = table && [...added].find((one) => shapes.get(one) === shapeOf(table.columns));
    if (table !== undefined && renamed !== undefined) {
      added.delete(renamed);
      renames.set(name, renamed);
      const other = after.get(renamed);
      if (other !== undefined) pairs.push([table, other]);
      const hint =
        other === undefined ? `Write ${renamed} in the place of ${name} in the policy, and in its \`references\`.` : undefined;
      const message = `Table ${name} is gone and ${renamed} is new, with the same columns: renamed, it seems.`;
      differences.push({ change: "table-renamed", message, table: renamed, formerly: name, hint });
    } else {
      const hint = table === undefined ? undefined : `Take ${name} out of the policy.`;
      differences.push({ change: "table-dropped", message: `Table ${name} is gone from the source.`, table: name, hint });
    }
  }
  for (const table of added) {
    const isCopied = after.has(table);
    const hint = isCopied
      ? undefined
      : `It is not copied until the policy gives its columns rules; to say so aloud: "${table}": "skip".`;
    differences.push({ change: "table-added", message: `Table ${table} is new in the source.`, table, hint });
  }
  for (const table of [...known].filter((name) => present.has(name) && before.has(name) !== after.has(name))) {
    const message = after.has(table)
      ? `Table ${table} was not copied, and the policy now copies it.`
      : `Table ${table} was copied, and the policy no longer copies it.`;
    differences.push({ change: "selection-changed", message, table });
  }
  const isLeft = ({ left }: Lock, name: string) => left.includes(name);
  for (const table of [...known].filter((name) => present.has(name) && isLeft(former, name) !== isLeft(now, name))) {
    const message = isLeft(now, table)
      ? `The policy now leaves the rows of ${table} in the target.`
      : `The policy no longer leaves the rows of ${table} in the target.`;
    differences.push({ change: "selection-changed", message, table });
  }
  return { pairs, differences, renames };
}

function shapeOf(columns: readonly Pick<LockedColumn, "column" | "type">[]): string {
  return JSON.stringify(columns.map(({ column, type }) => [column, type]));
}

/** Whether a column takes its rule from one whose own change is told. */
function isHandedOn(now: Lock, changed: ChangedRules, table: string | undefined, column: string | undefined): boolean {
  const from = lockedColumn(now, table, column)?.from;
  return from !== undefined && changed.has(from);
}

/** Whether a column has no rule because the foreign key that brought it is gone, which is told of the table. */
function isLeftBehind(former: Lock, now: Lock, table: string | undefined, column: string | undefined): boolean {
  const isReferring = ({ tables }: Lock) =>
    tables.find((one) => one.table === table)?.references.some(({ columns }) => columns.includes(column ?? "")) === true;
  const isBare = lockedColumn(now, table, column)?.decision === "none";
  return isBare && lockedColumn(former, table, column)?.from !== undefined && isReferring(former) && !isReferring(now);
}

function lockedColumn({ tables }: Lock, table: string | undefined, column: string | undefined) {
  return tables.find((one) => one.table === table)?.columns.find((one) => one.column === column);
}
