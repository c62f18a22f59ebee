import type { ProgressEvent } from "../pipeline/progress.ts";

/** How far something is: the table under way, or all of them. */
export interface Reading {
  readonly rows: number;
  /** Rows that it is thought to have, null where nobody knows. */
  readonly expected: number | null;
  readonly rowsPerSecond: number;
  /** Null where nobody can tell. */
  readonly millisecondsLeft: number | null;
}

/** Adds up the events of a run into rows, speed and the time that is left. */
export class ProgressMeter {
  table = "";
  /** The ordinal of the table under way, from 1. */
  position = 0;
  tables = 0;
  readonly #now: () => number;
  #current = { rows: 0, expected: null as number | null, started: 0 };
  #all = { rows: 0, expected: null as number | null, started: 0 };

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  take(event: ProgressEvent): void {
    switch (event.type) {
      case "planned":
        this.tables = event.tables;
        this.#all = { rows: 0, expected: event.rowEstimate, started: this.#now() };
        break;
      case "table-started":
        this.table = event.table;
        this.position++;
        this.#current = { rows: 0, expected: event.rowEstimate, started: this.#now() };
        break;
      case "rows":
        this.#current.rows += event.rows;
        this.#all.rows += event.rows;
        break;
      case "table-finished":
        // An estimate that was wrong must not bend the rest of the bar.
        if (this.#all.expected !== null) this.#all.expected += event.rows - (this.#current.expected ?? 0);
        break;
    }
  }

  current(): Reading {
    return this.#read(this.#current);
  }

  all(): Reading {
    return this.#read(this.#all);
  }

  #read({ rows, expected, started }: { rows: number; expected: number | null; started: number }): Reading {
    const seconds = (this.#now() - started) / 1000;
    const rowsPerSecond = seconds > 0 ? rows / seconds : 0;
    const canTell = expected !== null && expected >= rows && rowsPerSecond > 0;
    return { rows, expected, rowsPerSecond, millisecondsLeft: canTell ? ((expected - rows) / rowsPerSecond) * 1000 : null };
  }
}
