import type { Estimates, ProgressEvent } from "../../pipeline/progress.ts";

/** How far something is: the table under way, or all of them. */
export interface Reading {
  readonly rows: number;
  /** Rows that it is thought to have, null where nobody knows. */
  readonly expected: number | null;
  readonly rowsPerSecond: number;
  /** Null where nobody can tell. */
  readonly millisecondsLeft: number | null;
}

/** What was seen of a table, or of all. */
interface Count {
  rows: number;
  bytes: number;
  rowEstimate: number | null;
  readonly byteEstimate: number | null;
  started: number;
}

/** What the first moments promise is an hour for a minute's work. */
const TELLING_SECONDS = 1;

/** Adds up the events of a run into rows, speed and the time that is left. */
export class ProgressMeter {
  table = "";
  /** The ordinal of the table under way, from 1. */
  position = 0;
  tables = 0;
  readonly #now: () => number;
  #current: Count = count({ rowEstimate: null, byteEstimate: null }, 0);
  #all: Count = count({ rowEstimate: null, byteEstimate: null }, 0);

  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  take(event: ProgressEvent): void {
    switch (event.type) {
      case "planned":
        this.tables = event.tables;
        this.#all = count(event, this.#now());
        break;
      case "table-started":
        // What came before was the target's preparation.
        if (this.position === 0) this.#all.started = this.#now();
        this.table = event.table;
        this.position++;
        this.#current = count(event, this.#now());
        break;
      case "rows":
        for (const one of [this.#current, this.#all]) {
          one.rows += event.rows;
          one.bytes += event.bytes;
        }
        break;
      case "table-finished":
        // An estimate that was wrong must not bend the rest of the bar.
        if (this.#all.rowEstimate !== null) this.#all.rowEstimate += event.rows - (this.#current.rowEstimate ?? 0);
        break;
    }
  }

  current(): Reading {
    return this.#read(this.#current);
  }

  all(): Reading {
    return this.#read(this.#all);
  }

  #read(seen: Count): Reading {
    const { rows, started } = seen;
    const seconds = (this.#now() - started) / 1000;
    const rowsPerSecond = seconds > 0 ? rows / seconds : 0;
    const expected = expectedRows(seen);
    const canTell = expected !== null && expected > rows && rowsPerSecond > 0 && seconds >= TELLING_SECONDS;
    return { rows, expected, rowsPerSecond, millisecondsLeft: canTell ? ((expected - rows) / rowsPerSecond) * 1000 : null };
  }
}

function count({ rowEstimate, byteEstimate }: Estimates, started: number): Count {
  return { rows: 0, bytes: 0, rowEstimate, byteEstimate, started };
}

/** A file does not know its rows: what came says how many bytes a row takes. */
function expectedRows({ rows, bytes, rowEstimate, byteEstimate }: Count): number | null {
  if (rowEstimate !== null || byteEstimate === null || bytes === 0) return rowEstimate;
  return Math.round((rows * Math.max(byteEstimate, bytes)) / bytes);
}
