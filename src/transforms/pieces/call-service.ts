import type { ColumnContext, ColumnValues, MaskedValues, Rule } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { callback, integer, type OptionsValue } from "../../option-spec.ts";
import { rowNumber } from "../../settle.ts";
import { tableName } from "../../table-ref.ts";
import { ALL_KINDS, createRule, defineTransform, type RuleInput } from "../define-transform.ts";
import { askOnce, callStopped } from "./ask-once.ts";

/**
 * Masks a batch of values, none of them NULL: as many come back, in their order. undefined, or null where the column is NOT NULL: it cannot handle that value. The signal aborts when the call has taken
 * too long, when another one failed, and when the run is stopped.
 */
export type ServiceCall = (
  values: readonly string[],
  context: { readonly signal: AbortSignal },
) => Promise<readonly (string | null | undefined)[]>;

const OPTIONS = {
  mask: callback<ServiceCall>({ describe: "The function that asks the service for a batch of values." }),
  batchSize: integer({ describe: "Values in a call.", default: 100, min: 1, max: 100_000 }),
  concurrency: integer({ describe: "Calls at a time.", default: 4, min: 1, max: 100 }),
  timeoutMs: integer({ describe: "How long one call may take, in milliseconds.", default: 10_000, min: 1, max: 3_600_000 }),
  retries: integer({
    describe: "How often a call that failed is made again, after a pause that doubles.",
    default: 2,
    min: 0,
    max: 20,
  }),
} as const;

type Options = OptionsValue<typeof OPTIONS>;

const definition = defineTransform({
  name: "callService",
  technique: "substitution",
  accepts: ALL_KINDS,
  unsupported: "a value for which the service answers nothing, or null where the column is NOT NULL",
  guarantees: {
    deterministic: false,
    uniqueness: { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: "not-promised",
  },
  options: OPTIONS,
  prepare: (options, context) => async (values, batch) => {
    const rows = [...values.keys()].filter((row) => values[row] !== null);
    const masked = new Array<string | null | undefined>(values.length).fill(null);
    const starts = Array.from({ length: Math.ceil(rows.length / options.batchSize) }, (_, call) => call * options.batchSize);
    await inTurns(starts, options.concurrency, context.signal, async (start, ended) => {
      const asked = rows.slice(start, start + options.batchSize);
      const firstRow = rowNumber(batch, asked[0]!);
      const answers = await ask(options, pick(values, asked), ended, (what, hint) => failure(context, what, firstRow, hint));
      for (const [index, row] of asked.entries()) {
        const answer = answers[index];
        masked[row] = answer === null && !context.column.nullable ? undefined : answer;
      }
    });
    return masked;
  },
});

/**
 * Masks by a service of yours, many values at a time: `callService(async (values, { signal }) => (await post("/mask", values, signal)).values)`, `jane` becomes
 * what the service answers.
 *
 * A call that is rejected or takes longer than `timeoutMs` is made again, `retries` times, after 100, 200, 400 … milliseconds; then the run stops with
 * TRANSFORM_FAILED and without the service's message, which may quote a value, and the calls on their way are aborted, as they are when the run is stopped. NULL is not sent. standin promises nothing of the answers: neither that they are the
 * same next time, nor that they differ from the values. Only a policy in code can hold one. Hint: for a function that needs no batches, use `custom`.
 */
export const callService = Object.assign(
  (mask: ServiceCall, options: Omit<RuleInput<typeof OPTIONS>, "mask"> = {}): Rule =>
    createRule(definition.transform, { mask, ...options }),
  { transform: definition.transform },
);

const FIRST_PAUSE_MS = 100;
const GIVEN_UP = "was given up, as another call failed";
const ANSWER = "The function must give a list with as many values as it got, in their order.";
const FASTER = "Raise timeoutMs, or send fewer values in a call (batchSize) or fewer calls at a time (concurrency).";
const UNSEEN = "Its message is not shown, as it may quote a value. Call it with a value of your own to see it.";

async function ask(
  { mask, timeoutMs, retries }: Options,
  values: readonly string[],
  ended: AbortSignal,
  failed: (what: string, hint?: string) => StandinError,
): Promise<MaskedValues> {
  for (let attempt = 0; ; attempt++) {
    const answers = await askOnce<unknown>((signal) => mask([...values], { signal }), timeoutMs, ended);
    if (ended.aborted) throw failed(GIVEN_UP);
    if (Array.isArray(answers)) {
      if (answers.length === values.length) return answers;
      throw failed("gave another number of values than it got", ANSWER);
    }
    if (answers !== "rejected" && answers !== "late") throw failed("gave no list of values", ANSWER);
    if (attempt === retries)
      throw answers === "late" ? failed(`took longer than ${timeoutMs} ms`, FASTER) : failed("rejected its call", UNSEEN);
    await pause(FIRST_PAUSE_MS * 2 ** attempt, ended);
    if (ended.aborted) throw failed(GIVEN_UP);
  }
}

/** Ends early where there is nothing left to wait for. */
async function pause(ms: number, ended: AbortSignal): Promise<void> {
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms);
    ended.addEventListener("abort", () => {
      clearTimeout(timer);
      resolve();
    });
  });
}

type Work<Item> = (item: Item, ended: AbortSignal) => Promise<void>;

/** At most so many at a time. The first that fails ends the rest: none is begun any more, and those on their way are given up. */
async function inTurns<Item>(items: readonly Item[], atOnce: number, stopped: AbortSignal, work: Work<Item>): Promise<void> {
  const queue = [...items];
  const failure = new AbortController();
  const stop = () => failure.abort();
  stopped.addEventListener("abort", stop);
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined && !failure.signal.aborted; item = queue.shift()) {
      try {
        await work(item, failure.signal);
      } catch (error) {
        failure.abort();
        throw error;
      }
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(atOnce, queue.length) }, worker));
  } finally {
    stopped.removeEventListener("abort", stop);
  }
}

const pick = (values: ColumnValues, rows: readonly number[]): readonly string[] => rows.map((row) => values[row]!);

function failure(context: ColumnContext, what: string, row: number, hint?: string): StandinError {
  const { table, column, signal } = context;
  if (signal.aborted) return callStopped("service", context);
  const name = tableName(table);
  return new StandinError("TRANSFORM_FAILED", `The service for ${name}.${column.name} ${what} (a call from row ${row} on).`, {
    table: name,
    column: column.name,
    row,
    hint,
  });
}
