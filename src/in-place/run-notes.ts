import { StandinError } from "../errors.ts";
import type { Note, Obstacle, StandingDatabase } from "../standing-database.ts";

/** Which run it is: one that goes on must be the same. */
export interface RunNote {
  readonly planFingerprint: string;
  readonly keyFingerprint: string | null;
  /** `preparing` takes keys off, `finishing` puts them back. */
  readonly phase: "preparing" | "masking" | "finishing";
}

/** How far a table is. The key never leaves the database. */
export interface TableNote {
  readonly generation: string;
  readonly rows: number;
  readonly after: readonly string[] | null;
  /** Rows of the next batch. */
  readonly batchRows: number;
  readonly isDone: boolean;
}

/** What a run writes down in the database that it masks, so that one that was killed goes on where its last committed batch ended. */
export class RunNotes {
  readonly #database: StandingDatabase;
  readonly #tables: Map<string, TableNote>;
  readonly obstacles: readonly Obstacle[];
  run: RunNote;

  private constructor(database: StandingDatabase, run: RunNote, obstacles: readonly Obstacle[], tables: Map<string, TableNote>) {
    this.#database = database;
    this.run = run;
    this.obstacles = obstacles;
    this.#tables = tables;
  }

  /** What an unfinished run left; null where there is none. */
  static async read(database: StandingDatabase): Promise<RunNotes | null> {
    const notes = await database.notes();
    const run = notes.find(({ kind }) => kind === "run");
    if (run === undefined) return null;
    const tables = notes
      .filter(({ kind }) => kind === "table")
      .map(({ name, body }) => [name, JSON.parse(body) as TableNote] as const);
    return new RunNotes(database, JSON.parse(run.body) as RunNote, obstaclesIn(notes), new Map(tables));
  }

  static async begin(database: StandingDatabase, run: RunNote, obstacles: readonly Obstacle[]): Promise<RunNotes> {
    // A run that was cut off before its first note leaves an empty table, and nothing was done.
    await database.dropNotes();
    await database.makeNotes();
    const notes = new RunNotes(database, run, obstacles, new Map());
    await database.transact(async () => {
      for (const [index, obstacle] of obstacles.entries())
        await database.putNote({ kind: "aside", name: String(index).padStart(6, "0"), body: JSON.stringify(obstacle) });
      await notes.#putRun();
    });
    return notes;
  }

  async enter(phase: RunNote["phase"]): Promise<void> {
    this.run = { ...this.run, phase };
    await this.#putRun();
  }

  of(table: string): TableNote | null {
    return this.#tables.get(table) ?? null;
  }

  /** To be called in the transaction of what it tells. */
  async put(table: string, note: TableNote): Promise<void> {
    await this.#database.putNote({ kind: "table", name: table, body: JSON.stringify(note) });
    this.#tables.set(table, note);
  }

  /** Throws UNFINISHED where the run to go on with is another. */
  refuseOther({ planFingerprint, keyFingerprint }: Omit<RunNote, "phase">): void {
    const what = [
      ...(this.run.keyFingerprint === keyFingerprint ? [] : ["another key"]),
      ...(this.run.planFingerprint === planFingerprint ? [] : ["another plan (schema, policy or version)"]),
    ];
    if (what.length === 0) return;
    throw new StandinError("UNFINISHED", `The unfinished run has ${what.join(" and ")}; nothing was written.`, {
      hint: "Go on with the same key, policy and schema, or restore the backup anew and mark it again: standin mark --remove, standin mark.",
    });
  }

  #putRun(): Promise<void> {
    return this.#database.putNote({ kind: "run", name: "", body: JSON.stringify(this.run) });
  }
}

/** In the order in which they were taken off. */
export function obstaclesIn(notes: readonly Note[]): readonly Obstacle[] {
  const aside = notes.filter(({ kind }) => kind === "aside").sort((one, other) => (one.name < other.name ? -1 : 1));
  return aside.map(({ body }) => JSON.parse(body) as Obstacle);
}
