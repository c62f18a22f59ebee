import type { Column, ColumnPlace, DataSchema, StagedTarget, Table } from "../contracts.ts";
import { isNamed } from "../plan/table-patterns.ts";
import type { Policy } from "../policy/define-policy.ts";
import { isSameTable } from "../table-ref.ts";
import { comparisonIn, type KeyComparison } from "./key-comparison.ts";

/** A reference of the copy, declared by a foreign key or by the policy, whose columns are all read. */
export interface KeyReference {
  readonly name: string;
  readonly from: Table;
  readonly to: Table;
  /** The two columns of each part. */
  readonly parts: readonly (readonly [Column, Column])[];
}

export interface ComparedReference extends KeyReference {
  /** By part. */
  readonly comparisons: readonly KeyComparison[];
}

/** The references whose ends can be compared as the target compares them. */
export async function comparedReferences(
  { schema, weighs }: Pick<StagedTarget, "schema" | "weighs">,
  policy: Policy,
): Promise<readonly ComparedReference[]> {
  const references = [...declared(schema), ...ofPolicy(schema, policy)];
  const pairs = references.flatMap(({ from, to, parts }) =>
    parts.map(([own, other]) => [placeOf(from, own), placeOf(to, other)] as const),
  );
  const answers = pairs.length === 0 ? [] : ((await weighs?.(pairs)) ?? []);
  const system = { system: schema.system, hasWeights: weighs !== undefined };
  let at = 0;
  return references.flatMap((reference) => {
    const comparisons = reference.parts.map((ends) => comparisonIn(system, ends, answers[at++] ?? false));
    return comparisons.includes(null) ? [] : [{ ...reference, comparisons: comparisons as KeyComparison[] }];
  });
}

/** The columns of these names that are read. */
export function columnsOf(table: Table, names: readonly string[]): readonly Column[] {
  return names.flatMap((name) => table.columns.filter((column) => column.name === name && !column.isGenerated));
}

const placeOf = ({ ref }: Table, column: Column): ColumnPlace => ({ table: ref, column });

function declared({ tables }: DataSchema): readonly KeyReference[] {
  return tables.flatMap((from) =>
    from.foreignKeys.flatMap(({ name, columns, references, referencedColumns }) => {
      const to = tables.find(({ ref }) => isSameTable(ref, references));
      return referenceBetween(name, [from, columns], [to, referencedColumns]);
    }),
  );
}

/** Those that hold for some rows alone would need the others left out. */
function ofPolicy({ tables }: DataSchema, { references = [] }: Policy): readonly KeyReference[] {
  return references.flatMap(({ from, to, when }) => {
    if (when !== undefined) return [];
    const [child, parent] = [from, to].map((name) => {
      const at = name.lastIndexOf(".");
      const table = tables.find(({ ref }) => isNamed(ref, name.slice(0, at)));
      return [table, [name.slice(at + 1)]] as const;
    });
    return referenceBetween(`${from} → ${to}`, child!, parent!);
  });
}

function referenceBetween(
  name: string,
  [from, columns]: readonly [Table | undefined, readonly string[]],
  [to, referenced]: readonly [Table | undefined, readonly string[]],
): readonly KeyReference[] {
  if (from === undefined || to === undefined || columns.length === 0) return [];
  const [ours, theirs] = [columnsOf(from, columns), columnsOf(to, referenced)];
  if (ours.length < columns.length || theirs.length < columns.length) return [];
  return [{ name, from, to, parts: ours.map((own, part) => [own, theirs[part]!] as const) }];
}
