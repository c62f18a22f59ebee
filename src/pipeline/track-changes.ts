import type { ChangingTable, ReadOptions, Since, Sink, Source, Table } from "../contracts.ts";
import { StandinError } from "../errors.ts";
import type { MaskingKey } from "../keys/masking-key.ts";
import { type PlannedChanges, plannedChanges } from "../plan/checks/check-incremental.ts";
import { refuseBrokenPlan } from "../plan/compile-plan.ts";
import { type Plan, tableToWrite } from "../plan/plan.ts";
import { fingerprintPlan } from "../plan/plan-fingerprint.ts";
import type { Policy } from "../policy/define-policy.ts";
import { isSameTable, tableName } from "../table-ref.ts";
import { type ChangeMark, openMark, sealMark } from "./change-mark.ts";
import type { Comparison } from "./compare-keys.ts";

/** The ends of a run that leaves a mark, or begins at one, and what is to be told of it. */
export interface TrackedEnds {
  readonly source: Source;
  readonly sink: Sink;
  readonly notes: readonly string[];
  /** What tells which rows the source deleted, null where none of them go. */
  readonly deletes: Comparison | null;
}

interface Teller extends PlannedChanges {
  readonly table: Table;
}

/**
 * Has a run with `incremental` leave where the source is, sealed with the masking key, in the target and in one unit with the rows; and an incremental one read from there
 * on alone. Throws INCREMENT_REFUSED where there is nothing to begin at, or where rows of two keys, plans or mappings would stand beside one another.
 */
export async function trackChanges(
  { source, sink }: { readonly source: Source; readonly sink: Sink },
  plan: Plan,
  policy: Policy,
  {
    key,
    isIncremental,
    signal,
  }: { readonly key: MaskingKey | null; readonly isIncremental: boolean; readonly signal: AbortSignal },
): Promise<TrackedEnds> {
  const tellers = plan.tables.flatMap((table): Teller[] => {
    const changes = plannedChanges(policy, table);
    return changes === null ? [] : [{ ...changes, table: table.table }];
  });
  if (tellers.length === 0) {
    if (isIncremental)
      throw refused(
        "The policy does not say how changed rows are told.",
        "Write incremental: { orders: { changedBy: updated_at } }.",
      );
    return { source, sink, notes: [], deletes: null };
  }
  const changes = sink.changes;
  // The plan has refused other ends; those of a caller's own may lack this side.
  if (changes === undefined || source.marks === undefined)
    throw refused("This source or target cannot tell or take changes.", "Take `incremental` out.");
  if (key === null) throw refused("An incremental policy needs a masking key, which seals the mark.", "Set STANDIN_KEY.");
  const tables = plan.tables.map((table): ChangingTable => {
    const { key = null, deletes = null } = plannedChanges(policy, table) ?? {};
    return { ...tableToWrite(table), key, deletes };
  });
  refuseBrokenPlan({ ...plan, findings: [...plan.findings, ...(await changes.check(tables))] });
  const places = await source.marks(tellers.map(({ table, column }) => ({ table: table.ref, column })));
  const now: ChangeMark = {
    source: await source.identity(),
    plan: await fingerprintPlan(plan),
    tables: Object.fromEntries(
      tellers.map(({ table, column }, index) => [
        tableName(table.ref),
        { by: column?.name ?? null, mark: places[index] ?? null },
      ]),
    ),
  };
  const former = isIncremental ? openMark(await changes.readMark(), key, now) : null;
  changes.leave(sealMark(now, key));
  if (former === null) return { source, sink, notes: [], deletes: null };
  const namesOf = (some: readonly Teller[]) => some.map(({ table }) => tableName(table.ref)).join(", ");
  const staying = tellers.filter(({ deletes }) => deletes === null);
  const compared = tables.flatMap((wanted, index) => (wanted.deletes === null ? [] : [{ wanted, plan: plan.tables[index]! }]));
  return {
    source: withReads(source, (table) => sinceOf(tellers, former, table)),
    sink: withOwn(sink, { begin: (_, __, stopping) => changes.begin(tables, stopping ?? signal) }),
    notes: [
      `read only what changed since the last run: ${namesOf(tellers)}`,
      ...(staying.length === 0 ? [] : [`rows that the source deleted since then stay: ${namesOf(staying)}`]),
    ],
    deletes: compared.length === 0 ? null : { source, changes, tables: compared },
  };
}

/** What is read of a table: of one without rows at the last run, or without a mark, everything. */
function sinceOf(tellers: readonly Teller[], { tables }: ChangeMark, table: Table): Since | undefined {
  const teller = tellers.find((one) => isSameTable(one.table.ref, table.ref));
  const mark = tables[tableName(table.ref)]?.mark ?? null;
  return teller === undefined || mark === null ? undefined : { column: teller.column, overlap: teller.overlap, mark };
}

function withReads(source: Source, sinceOf: (table: Table) => Since | undefined): Source {
  return withOwn(source, {
    read: (table: Table, options: ReadOptions) => source.read(table, { ...options, since: sinceOf(table) }),
  });
}

/** An end with some of its methods replaced. The others find their own privates. */
function withOwn<End extends object>(end: End, own: Partial<End>): End {
  return new Proxy(end, {
    get(target, name) {
      if (Object.hasOwn(own, name)) return Reflect.get(own, name);
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === "function" ? value.bind(target) : value;
    },
  });
}

function refused(message: string, hint: string): StandinError {
  return new StandinError("INCREMENT_REFUSED", message, { hint });
}
