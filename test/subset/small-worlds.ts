import fc from "fast-check";
import type { SubsetPolicy, SubsetRelation, SubsetTable } from "../../src/policy/subset-policy.ts";

/** A row: its key, a number, and for each reference the row of the other table that it points to, or none. */
export interface SmallRow {
  readonly key: readonly number[];
  readonly v: number | null;
  readonly points: readonly (number | null)[];
}

export interface SmallTable {
  readonly name: string;
  /** Columns of the key: one, or two. */
  readonly width: number;
  /** By index, the tables that it points to; itself too. */
  readonly to: readonly number[];
  readonly rows: readonly SmallRow[];
}

/** A database of few tables and rows, and what a policy says of its subset. */
export interface SmallWorld {
  readonly tables: readonly SmallTable[];
  readonly subset: SubsetPolicy;
}

const table = (index: number, count: number) =>
  fc
    .record({
      width: fc.constantFrom(1, 1, 2),
      to: fc.array(fc.nat(count - 1), { maxLength: 3 }),
      size: fc.integer({ min: 0, max: 9 }),
    })
    .chain(({ width, to, size }) =>
      fc.record({
        name: fc.constant(`t${index}`),
        width: fc.constant(width),
        to: fc.constant(to),
        rows: fc.tuple(
          ...Array.from({ length: size }, (_, row) =>
            fc.record({
              key: fc.constant(width === 1 ? [row * 7 + 1] : [row % 3, row]),
              v: fc.option(fc.integer({ min: 0, max: 5 }), { freq: 4 }),
              // Taken by the size of the other table later. Many point to one row, so that bounds have something to leave out.
              points: fc.tuple(...to.map(() => fc.option(fc.oneof(fc.constant(0), fc.nat(1000)), { freq: 5 }))),
            }),
          ),
        ),
      }),
    );

const where = fc.integer({ min: 0, max: 5 }).map((bound) => `v >= ${bound}`);

const relation: fc.Arbitrary<SubsetRelation> = fc.oneof(
  fc.constantFrom("all" as const, "none" as const),
  fc.record({ max: fc.constant(1) }),
  fc.record({ max: fc.integer({ min: 1, max: 2 }) }),
  fc.record({ where }),
  fc.record({ max: fc.integer({ min: 1, max: 2 }), where }),
);

function words(tables: readonly SmallTable[], index: number): fc.Arbitrary<SubsetTable | "all"> {
  const { rows } = tables[index]!;
  const pointing = tables.flatMap(({ name, to }) => (to.includes(index) ? [name] : []));
  const children =
    pointing.length === 0
      ? fc.constant(undefined)
      : fc.option(
          fc.oneof(
            fc.constantFrom("none" as const, "all" as const),
            fc.dictionary(fc.constantFrom(...pointing), relation, { minKeys: 1 }),
          ),
          {
            nil: undefined,
          },
        );
  const keep =
    rows.length === 0
      ? fc.constant(undefined)
      : fc.option(fc.subarray([...rows], { minLength: 1, maxLength: Math.min(2, rows.length) }), { nil: undefined });
  return fc.oneof(
    { weight: 1, arbitrary: fc.constant("all" as const) },
    {
      weight: 6,
      arbitrary: fc
        .record({
          percent: fc.option(fc.integer({ min: 5, max: 100 }), { nil: undefined }),
          rows: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined, freq: 1 }),
          where: fc.option(where, { nil: undefined, freq: 1 }),
          keep,
          children,
        })
        .map(({ keep: kept, ...rest }) => {
          const given = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined)) as SubsetTable;
          return kept === undefined ? given : { ...given, keep: kept.map(({ key }) => keyWords(key)) };
        }),
    },
  );
}

const keyWords = (key: readonly number[]) =>
  key.length === 1 ? key[0]! : Object.fromEntries(key.map((part, index) => [`k${index}`, part]));

/** Small worlds with cycles, self references, composite keys and references that are not given, and every word that a policy has for them. */
export const smallWorlds: fc.Arbitrary<SmallWorld> = fc
  .integer({ min: 2, max: 5 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, index) => table(index, count))))
  .map((tables) =>
    tables.map(
      (one): SmallTable => ({
        ...one,
        rows: one.rows.map((row) => ({
          ...row,
          points: row.points.map((point, reference) => {
            const size = tables[one.to[reference]!]!.rows.length;
            return point === null || size === 0 ? null : point % size;
          }),
        })),
      }),
    ),
  )
  .chain((tables) =>
    fc.tuple(fc.subarray([...tables.keys()], { minLength: 1 }), fc.integer({ min: 20, max: 80 })).chain(([chosen, percent]) =>
      fc.tuple(...chosen.map((index) => words(tables, index))).map((found): SmallWorld => {
        const subset: SubsetPolicy = Object.fromEntries(chosen.map((index, place) => [`t${index}`, found[place]!]));
        const isSome = found.some((one) => typeof one === "object" && Object.keys(one).some((word) => word !== "children"));
        return { tables, subset: isSome ? subset : { ...subset, [`t${chosen[0]}`]: { percent } } };
      }),
    ),
  );
