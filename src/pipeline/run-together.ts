import { type Finding, StandinError } from "../errors.ts";
import type { Plan } from "../plan/plan.ts";
import { inDatabase, joinRefusals, refusedTogether } from "./errors-of-databases.ts";
import type { Report } from "./report.ts";
import type { RunGates } from "./run.ts";

/** One run of those that are published together. Begins at once, and waits at its gates. */
export type GatedRun = (gates: RunGates, signal: AbortSignal) => Promise<Report>;

export interface TogetherOptions {
  readonly signal: AbortSignal;
  /** Whether rows of all move at a time, or of one after the other. */
  readonly parallel: boolean;
  /** What is wrong with the plans beside one another. */
  check(plans: ReadonlyMap<string, Plan>): readonly Finding[];
  /** Called when all plans are made and nothing is wrong, before a row moves. */
  onPlanned(): void;
}

/**
 * Runs several databases as one: all are planned before a row of any moves, and staged before any is published; then they are published one right after the other. Where one
 * fails before, all targets stay as they were. Where one fails while they are published, those before it are published: the error tells which (PUBLISHED_IN_PART).
 */
export async function runTogether(
  runs: ReadonlyMap<string, GatedRun>,
  options: TogetherOptions,
): Promise<ReadonlyMap<string, Report>> {
  const together = new Together([...runs.keys()], options);
  const settled = await Promise.allSettled([...runs].map(([name, run]) => together.follow(name, run)));
  if (together.failure !== null) throw together.failure;
  const reports = settled.map((one) => (one as PromiseFulfilledResult<Report>).value);
  return new Map([...runs.keys()].map((name, index) => [name, reports[index]!]));
}

/** A gate that somebody waits at. */
interface Waiting {
  open(): void;
}

class Together {
  readonly #names: readonly string[];
  readonly #options: TogetherOptions;
  /** Stops all when one has failed or the caller wants it; but no more once the first is published, as the others are a moment's work. */
  readonly #stop = new AbortController();
  readonly #plans = new Map<string, Plan>();
  readonly #places = new Map<string, { readonly source: string; readonly target: string }>();
  readonly #refused = new Map<string, unknown>();
  readonly #planned = new Map<string, Waiting>();
  readonly #ready = new Map<string, Waiting>();
  readonly #published: string[] = [];
  #arePlanned = false;
  #arePublishing = false;
  failure: StandinError | null = null;

  constructor(names: readonly string[], options: TogetherOptions) {
    this.#names = names;
    this.#options = options;
    const stop = () => {
      if (!this.#arePublishing) this.#stop.abort();
    };
    if (options.signal.aborted) stop();
    options.signal.addEventListener("abort", stop, { signal: this.#stop.signal });
  }

  /** Takes part from its beginning to its end. */
  async follow(name: string, run: GatedRun): Promise<Report> {
    const gates: RunGates = {
      planned: (plan, places) => {
        this.#plans.set(name, plan);
        this.#places.set(name, places);
        const waits = this.#wait(this.#planned, name);
        this.#whenPlanned();
        return waits;
      },
      ready: () => {
        const waits = this.#wait(this.#ready, name);
        this.#whenReady();
        return waits;
      },
    };
    try {
      const report = await run(gates, this.#stop.signal);
      this.#published.push(name);
      this.#ready.get(this.#names[this.#published.length] ?? "")?.open();
      return report;
    } catch (error) {
      this.#fail(name, error);
      throw error;
    }
  }

  /** A gate is also left when the run is stopped. */
  #wait(gate: Map<string, Waiting>, name: string): Promise<void> {
    const { signal } = this.#stop;
    return new Promise<void>((open, refuse) => {
      const leave = () => refuse(new StandinError("ABORTED", "The run was stopped; the target is as it was."));
      gate.set(name, { open });
      if (signal.aborted) leave();
      signal.addEventListener("abort", leave, { once: true });
    });
  }

  /** Everything that is wrong with any of them is told at once. */
  #whenPlanned(): void {
    if (this.#plans.size + this.#refused.size < this.#names.length) return;
    const findings = [...sharedPlaces(this.#places), ...this.#options.check(this.#plans)];
    const errors = findings.filter(({ severity }) => severity === "error");
    if (this.#refused.size > 0 || errors.length > 0) {
      this.failure ??= this.#refused.size > 0 ? joinRefusals(this.#refused, errors) : refusedTogether(errors);
      this.#stop.abort();
      return;
    }
    this.#arePlanned = true;
    try {
      this.#options.onPlanned();
    } catch (error) {
      this.failure = inDatabase(error, this.#names[0]!);
      this.#stop.abort();
      return;
    }
    const first = this.#options.parallel ? this.#names : this.#names.slice(0, 1);
    for (const name of first) this.#planned.get(name)?.open();
  }

  #whenReady(): void {
    const isLast = this.#ready.size === this.#names.length;
    if (isLast) {
      this.#arePublishing = true;
      this.#ready.get(this.#names[0]!)?.open();
    } else if (!this.#options.parallel) this.#planned.get(this.#names[this.#ready.size]!)?.open();
  }

  #fail(name: string, error: unknown): void {
    if (this.failure !== null) return;
    if (!this.#arePlanned && !this.#stop.signal.aborted) {
      this.#refused.set(name, error);
      this.#whenPlanned();
      return;
    }
    const told = inDatabase(error, name);
    // It had not begun itself, and rows of others had moved.
    if (this.#ready.size > 0) told.phase = "during";
    this.failure = this.#published.length === 0 ? told : publishedInPart(told, name, this.#published, this.#names);
    this.#stop.abort();
  }
}

/** Two databases in one place would overwrite one another, and what one writes another may not read. */
function sharedPlaces(places: ReadonlyMap<string, { readonly source: string; readonly target: string }>): readonly Finding[] {
  const all = [...places];
  return all.flatMap(([name, { target }], index): Finding[] => {
    const earlier = all.slice(0, index).find(([, other]) => other.target === target)?.[0];
    const read = all.find(([other, { source }]) => other !== name && source === target)?.[0];
    const refuse = (message: string, hint: string): Finding => ({
      ...{ code: "SOURCE_IS_TARGET", severity: "error", database: name, hint },
      message,
    });
    if (earlier !== undefined)
      return [
        refuse(`${name} and ${earlier} have one target; the one would overwrite the other.`, "Give each a target of its own."),
      ];
    if (read !== undefined)
      return [refuse(`The target of ${name} is the source of ${read}.`, "Point the target to another database or folder.")];
    return [];
  });
}

function publishedInPart(
  error: StandinError,
  name: string,
  published: readonly string[],
  names: readonly string[],
): StandinError {
  const untouched = names.filter((one) => one !== name && !published.includes(one));
  const others = untouched.length === 0 ? "" : `; as it was: ${untouched.join(", ")}`;
  const told = new StandinError(
    "PUBLISHED_IN_PART",
    `Published: ${published.join(", ")}; not published: ${name}${others}. ${error.message} [${error.code}]`,
    {
      database: name,
      table: error.table,
      hint: "Mend what stopped it and run again: a run makes all of them anew, under the same mapping.",
    },
  );
  told.phase = "during";
  told.published = [...published];
  return told;
}
