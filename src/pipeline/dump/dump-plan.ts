import type { DataSchema, TableRef } from "../../contracts.ts";
import { type Finding, StandinError } from "../../errors.ts";
import type { DumpFormat } from "../../formats/dump-format.ts";
import { compilePlan, refuseBrokenPlan } from "../../plan/compile-plan.ts";
import { compareLocks } from "../../plan/locks/compare-locks.ts";
import type { Lock } from "../../plan/locks/lock.ts";
import { differenceFindings } from "../../plan/locks/lock-difference.ts";
import { lockOf } from "../../plan/locks/lock-plan.ts";
import type { Plan, TablePlan } from "../../plan/plan.ts";
import { fingerprintPlan } from "../../plan/plan-fingerprint.ts";
import type { ClassSource } from "../../policy/class-source.ts";
import type { Policy } from "../../policy/define-policy.ts";
import { placeFindings } from "../../policy/parse/place-findings.ts";
import { isSameTable, tableName } from "../../table-ref.ts";
import { rehearsePlan } from "../masking/rehearse-plan.ts";

export interface DumpPlanOptions {
  readonly key: { readonly fingerprint: string } | null;
  readonly lock: Lock | null;
  readonly classes: ClassSource | undefined;
}

/** What a lock has that the statements before a dump's rows do not tell. */
const OF_KEYS = ["key-constraint-changed", "reference-changed", "check-changed"];

const GIVE_SCHEMA =
  "Make the schema's dump first, by pg_dump --schema-only or mysqldump --no-data, and give it by --schema: all is known then before the first row.";

/**
 * The plan of a dump that is read once: compiled as far as the schema is known where a table's rows begin, and again at the end. What comes too late to be obeyed
 * is an error there.
 */
export class DumpPlan {
  readonly #format: DumpFormat;
  readonly #policy: Policy;
  readonly #options: DumpPlanOptions;
  /** Whether all was known from the beginning. */
  #isWhole = false;
  #plan: Plan | null = null;
  /** What rows were masked by. */
  readonly #used = new Map<string, TablePlan>();

  constructor(format: DumpFormat, policy: Policy, options: DumpPlanOptions) {
    this.#format = format;
    this.#policy = policy;
    this.#options = options;
  }

  /** The last plan that was compiled. Null before the first row. */
  get plan(): Plan | null {
    return this.#plan;
  }

  /** Compiles for good, by a schema that is known to be all. Throws PLAN_REFUSED and LOCK_MISMATCH. */
  async compileWhole(schema: DataSchema): Promise<Plan> {
    const plan = await this.#compile(schema);
    await this.#refuseOtherLock(plan, []);
    refuseBrokenPlan(plan);
    this.#isWhole = true;
    this.#plan = plan;
    return plan;
  }

  /** The plan of a table whose rows begin now; null for one that the policy does not copy. Throws where it has no decision for one of its columns. */
  async tablePlan(ref: TableRef, schemaNow: () => DataSchema): Promise<TablePlan | null> {
    const name = tableName(ref);
    if (!this.#isWhole && !this.#isKnown(ref)) this.#plan = await this.#compilePart(schemaNow(), ref);
    if (!this.#isKnown(ref)) throw undefinedTable(name);
    const found = this.#plan!.tables.find(({ table }) => isSameTable(table.ref, ref)) ?? null;
    if (found !== null) this.#used.set(name, found);
    return found;
  }

  /** Compiles again with what came behind the rows. Throws where their masks should have been others. */
  async settle(schema: DataSchema): Promise<void> {
    if (this.#isWhole || this.#plan === null) return;
    const plan = await this.#compile(schema);
    const errors = errorsOf(plan);
    if (errors.length > 0) throw tooLate(errors[0]!.message, errors);
    await this.#refuseOtherLock(plan, []);
    for (const [name, used] of this.#used) {
      const now = plan.tables.find(({ table }) => tableName(table.ref) === name);
      if (now !== undefined && (await fingerprintOf(used)) === (await fingerprintOf(now))) continue;
      throw tooLate(
        `${name} has a key that the dump tells only behind its rows, and by which they should have been masked otherwise.`,
        [],
      );
    }
    this.#plan = plan;
  }

  #isKnown(ref: TableRef): boolean {
    const { tables = [], unselected = [] } = this.#plan ?? {};
    return [...tables.map(({ table }) => table), ...unselected].some((table) => isSameTable(table.ref, ref));
  }

  async #compilePart(schema: DataSchema, ref: TableRef): Promise<Plan> {
    if (!schema.tables.some((table) => isSameTable(table.ref, ref))) throw undefinedTable(tableName(ref));
    const plan = await this.#compile(schema);
    await this.#refuseOtherLock(plan, OF_KEYS);
    // Tables that are still to come are neither unknown nor left out.
    const isFirm = ({ code }: Finding) =>
      this.#format.tablesComeFirst === true || !/^(?:TABLE_UNKNOWN|RULE_UNMATCHED|REFERENCE_)/.test(code);
    const errors = errorsOf(plan).filter(isFirm);
    refuseBrokenPlan({ ...plan, findings: errors });
    return plan;
  }

  async #compile(schema: DataSchema): Promise<Plan> {
    if (this.#policy.subset !== undefined) throw wholeOnly();
    const target: DataSchema = { system: this.#format.system, tables: [] };
    const plan = compilePlan(this.#policy, schema, target, this.#options.classes ?? null);
    const tried = await rehearsePlan(plan, target);
    return { ...plan, findings: [...plan.findings, ...placeFindings(this.#policy, tried)] };
  }

  async #refuseOtherLock(plan: Plan, except: readonly string[]): Promise<void> {
    const { lock, key } = this.#options;
    if (lock === null) return;
    const isPart = except.length > 0 && this.#format.tablesComeFirst !== true;
    const differences = compareLocks(lock, await lockOf(plan, this.#policy, key), plan.unselected).filter(
      ({ change, table = "" }) =>
        !except.includes(change) &&
        // Of a dump that tells its tables one by one, those are compared that are there.
        (!isPart || plan.tables.some((one) => tableName(one.table.ref) === table) || change === "key-changed"),
    );
    if (differences.length === 0) return;
    const [first] = differences;
    throw new StandinError("LOCK_MISMATCH", `${first!.message} The lock has it otherwise.`, {
      findings: differenceFindings(differences),
      hint: "Where it is meant, write the lock anew: npx standin check --write.",
    });
  }
}

const errorsOf = ({ findings }: Plan) => findings.filter(({ severity }) => severity === "error");

const fingerprintOf = (table: TablePlan) =>
  fingerprintPlan({ source: "memory", target: "memory", tables: [table], unselected: [], findings: [] });

function undefinedTable(name: string): StandinError {
  return new StandinError(
    "DUMP_INVALID",
    `The dump has rows of ${name}, and no statement that makes it: the types of its columns are not known.`,
    {
      table: name,
      hint: `${GIVE_SCHEMA} Rows of an extension's own tables are left out by pg_dump --exclude-table-data.`,
    },
  );
}

function tooLate(message: string, findings: readonly Finding[]): StandinError {
  return new StandinError("PLAN_REFUSED", message, { findings, hint: GIVE_SCHEMA });
}

function wholeOnly(): StandinError {
  return new StandinError("OPTION_INVALID", "The policy has a subset, and a dump that is read once is masked whole.", {
    hint: "Restore the dump, or give its file as the policy's source, and choose rows by `standin run`.",
  });
}
