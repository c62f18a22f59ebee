import { createHmac } from "node:crypto";
import type { SubsetRelation } from "../../src/policy/subset-policy.ts";
import type { SmallRow, SmallWorld } from "./small-worlds.ts";

interface Link {
  readonly from: number;
  readonly reference: number;
  readonly to: number;
  readonly comes: Exclude<SubsetRelation, "all" | "none"> | null;
}

/** What a subset holds by the words of its documentation, found by trying every row again until nothing changes: the indexes of the rows, by table. */
export function subsetByBruteForce({ tables, subset }: SmallWorld, key: Uint8Array): readonly ReadonlySet<number>[] {
  const links = tables.flatMap(({ to, name }, from) =>
    to.map(
      (other, reference): Link => ({ from, reference, to: other, comes: comesAlong(subset[`t${other}`], name, from === other) }),
    ),
  );
  const draw = (row: SmallRow) => {
    const message = row.key.map((part) => `${String(part).length}:${part}`).join("");
    return createHmac("sha256", key).update(message).digest("hex").slice(0, 16);
  };
  const meets = (row: SmallRow, where: string | undefined) =>
    where === undefined || (row.v !== null && row.v >= Number(where.split(" ").at(-1)));
  const byDraw = (rows: readonly SmallRow[]) => (one: number, other: number) => (draw(rows[one]!) < draw(rows[other]!) ? -1 : 1);

  const chosen = tables.map(({ name, rows }) => {
    const words = subset[name];
    if (words === undefined || words === "all") return new Set<number>();
    const { percent, rows: most, where, keep = [] } = words;
    const kept = [...rows.keys()].filter((index) => (keep as readonly unknown[]).some((one) => sameKey(one, rows[index]!)));
    if (percent === undefined && most === undefined && where === undefined) return new Set(kept);
    const drawn = [...rows.keys()]
      .filter((index) => meets(rows[index]!, where))
      .filter((index) => percent === undefined || BigInt(`0x${draw(rows[index]!)}`) * 100n < BigInt(percent) << 64n)
      .sort(byDraw(rows))
      .slice(0, most ?? rows.length);
    return new Set([...kept, ...drawn]);
  });
  untilStill(() => {
    for (const { from, reference, to, comes } of links) {
      if (comes === null) continue;
      const { rows } = tables[from]!;
      for (const parent of chosen[to]!) {
        const children = [...rows.keys()]
          .filter((index) => rows[index]!.points[reference] === parent && meets(rows[index]!, comes.where))
          .sort(byDraw(rows));
        for (const child of children.slice(0, comes.max ?? children.length)) chosen[from]!.add(child);
      }
    }
    return chosen;
  });

  const isReached = reachedTables(
    tables.length,
    links,
    tables.map(({ name }) => subset[name]),
  );
  const kept = tables.map(({ name, rows }, index) => new Set(subset[name] === "all" ? rows.keys() : chosen[index]!));
  untilStill(() => {
    for (const { from, reference, to } of links)
      for (const child of kept[from]!) {
        const parent = tables[from]!.rows[child]!.points[reference];
        if (parent !== null && parent !== undefined) kept[to]!.add(parent);
      }
    return kept;
  });
  // Of tables that nothing leads to, rows go that point to what is not there.
  for (const [index, { rows }] of tables.entries()) if (!isReached[index]) for (const row of rows.keys()) kept[index]!.add(row);
  untilStill(() => {
    for (const { from, reference, to } of links)
      if (!isReached[from])
        for (const child of kept[from]!) {
          const parent = tables[from]!.rows[child]!.points[reference];
          if (parent !== null && parent !== undefined && !kept[to]!.has(parent)) kept[from]!.delete(child);
        }
    return kept;
  });
  return kept;
}

function comesAlong(words: SmallWorld["subset"][string] | undefined, child: string, isSelf: boolean): Link["comes"] {
  const own = words === undefined || words === "all" ? undefined : words.children;
  const said = typeof own === "object" ? own[child] : own;
  const relation = said ?? (isSelf ? "none" : "all");
  if (relation === "none") return null;
  return relation === "all" ? {} : relation;
}

function reachedTables(count: number, links: readonly Link[], words: readonly unknown[]): readonly boolean[] {
  const leads = Array.from(
    { length: count },
    (_, index) => typeof words[index] === "object" && drawsOrKeeps(words[index] as object),
  );
  untilStill(() => {
    for (const { from, to, comes } of links) if (leads[to] && comes !== null) leads[from] = true;
    return leads;
  });
  const reached = leads.map((one, index) => one || words[index] === "all");
  untilStill(() => {
    for (const { from, to } of links) if (reached[from]) reached[to] = true;
    return reached;
  });
  return reached;
}

const drawsOrKeeps = (words: object): boolean => ["percent", "rows", "where", "keep"].some((word) => word in words);

function sameKey(written: unknown, { key }: SmallRow): boolean {
  return typeof written === "object"
    ? JSON.stringify(Object.values(written as object)) === JSON.stringify(key)
    : key.length === 1 && written === key[0];
}

function untilStill(step: () => readonly (ReadonlySet<number> | boolean)[]): void {
  const shown = () => JSON.stringify(step().map((one) => (typeof one === "boolean" ? one : one.size)));
  for (let before = ""; ; ) {
    const now = shown();
    if (now === before) return;
    before = now;
  }
}
