import { randomBytes } from "node:crypto";
import type { BatchSize, Source, StagedTarget, Table } from "../contracts.ts";
import type { Finding } from "../errors.ts";
import { createColumnPrf } from "../keys/column-prf.ts";
import type { Pace } from "../pace.ts";
import { type Plan, type TablePlan, tableToWrite } from "../plan/plan.ts";
import { fingerprintPlan } from "../plan/plan-fingerprint.ts";
import type { ClassSource } from "../policy/class-source.ts";
import type { Policy } from "../policy/define-policy.ts";
import { tableName } from "../table-ref.ts";
import { compareSides, fidelityOf, pairsOf } from "./compare-sides.ts";
import { IntegrityWatch } from "./integrity-watch.ts";
import { type AnonymityByTable, findAnonymity, judgeAnonymity } from "./judge-anonymity.ts";
import { judgeLeaks } from "./judge-leaks.ts";
import { LeakWatch } from "./leak-watch.ts";
import type { IsCommon } from "./telling-text.ts";
import { TextHash } from "./text-hash.ts";
import type { Verification } from "./verification.ts";
import { SourceWatch } from "./watch-source.ts";
import { type TargetSide, watchTarget } from "./watch-target.ts";

export interface CopyWatchOptions {
  readonly classes: ClassSource;
  readonly isCommon: IsCommon;
  readonly anonymity: AnonymityByTable;
  /** Columns of the copy that may hold values of masked columns, `audit.note`. */
  readonly allowed: readonly string[];
}

export interface JudgeOptions {
  readonly signal: AbortSignal;
  onTable(table: string): void;
}

export interface WatchSourceOptions extends JudgeOptions {
  /** How fast the source is read. */
  readonly pace: Pace;
  readonly batchSize?: BatchSize;
}

/** Watches what is copied go by, in a run or alone, and then looks through the copy: what of the source is still in it, and what it lost. */
export class CopyWatch {
  readonly #plan: Plan;
  readonly #policy: Policy;
  readonly #options: CopyWatchOptions;
  readonly #prf = createColumnPrf(randomBytes(32));
  readonly #hash = new TextHash();
  readonly #leaks = new LeakWatch();
  readonly #before = new Map<Table, SourceWatch>();

  constructor(plan: Plan, policy: Policy, options: CopyWatchOptions) {
    this.#plan = plan;
    this.#policy = policy;
    this.#options = options;
  }

  /** Throws where the copy, which will have these tables, cannot be looked at as the policy says: before hours of reading. */
  expect(tables: readonly Table[]): void {
    findAnonymity(this.#options.anonymity, tables);
  }

  /** Takes the batches of one table of the source. */
  table(plan: TablePlan): SourceWatch {
    const side = new SourceWatch(plan, this.#leaks, { ...this.#options, hash: this.#hash });
    this.#before.set(plan.table, side);
    return side;
  }

  /** Reads the tables of the source that have not gone by. */
  async watchSource(source: Source, { pace, batchSize = {}, signal, onTable }: WatchSourceOptions): Promise<void> {
    for (const plan of this.#plan.tables) {
      if (this.#before.has(plan.table)) continue;
      onTable(tableName(plan.table.ref));
      const side = this.table(plan);
      const { columns } = tableToWrite(plan);
      const rows = source.read(plan.table, { columns, batchSize: pace.batchSize(batchSize), signal });
      for await (const batch of pace.over(rows, signal)) {
        side.add(batch);
        batch.release?.();
      }
    }
  }

  /** Reads the copy once, when every table of the source has gone by. */
  async judge(target: StagedTarget, { signal, onTable }: JudgeOptions): Promise<Verification> {
    const started = performance.now();
    const { schema } = target;
    const [plan, prf, hash, leaks] = [this.#plan, this.#prf, this.#hash, this.#leaks];
    const anonymity = findAnonymity(this.#options.anonymity, schema.tables);
    const integrity = await IntegrityWatch.of(target, this.#policy, hash);
    const after = await watchTarget(target, plan, { leaks, integrity }, { prf, hash, anonymity, signal, onTable });
    const pairs = pairsOf(plan, this.#before, after);
    const judged = judgeLeaks(after, this.#options.allowed);
    return {
      source: plan.source,
      target: schema.system,
      tables: pairs.map((pair) => ({
        table: tableName(pair.plan.table.ref),
        sourceRows: pair.before.rows,
        targetRows: pair.after.rows,
        columns: fidelityOf(pair),
        anonymity: pair.after.anonymity?.result() ?? null,
      })),
      leaks: judged.leaks,
      scope: {
        watched: leaks.size,
        every: leaks.every,
        cells: after.reduce((sum, { rows, profiles }) => sum + rows * profiles.size, 0),
        keys: integrity.keys,
        references: integrity.references,
      },
      findings: [
        ...missingTables(plan, after),
        ...judged.findings,
        ...compareSides(pairs, plan.source === schema.system),
        ...integrity.findings(),
        ...judgeAnonymity(after, anonymity),
      ],
      planFingerprint: await fingerprintPlan(plan),
      milliseconds: Math.round(performance.now() - started),
    };
  }
}

/** A table that was copied and is not there would else be compared with nothing, and nothing be found. */
function missingTables({ tables }: Plan, after: readonly TargetSide[]): readonly Finding[] {
  return tables.flatMap((table) => {
    if (after.some(({ plan }) => plan === table)) return [];
    const name = tableName(table.table.ref);
    return [{ code: "TARGET_TABLE_MISSING", severity: "error", message: `The copy has no table ${name}.`, table: name }];
  });
}
