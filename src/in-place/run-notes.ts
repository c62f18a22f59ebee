import type { DataSchema, Table } from "../data-schema.ts";
import { StandinError } from "../errors.ts";
import type { Note, Obstacle, StandingDatabase } from "../standing-database.ts";
import { tableName } from "../table-ref.ts";

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

type TableKeys = Pick<Table, "uniqueKeys" | "foreignKeys">;

/** What a run writes down in the database that it masks, so that one that was killed goes on where its last committed batch ended. */
export class RunNotes {
  readonly #database: StandingDatabase;
  readonly #tables: Map<string, TableNote>;
  readonly #keys: ReadonlyMap<string, TableKeys>;
  readonly obstacles: readonly Obstacle[];
  run: RunNote;

  private constructor(database: StandingDatabase, run: RunNote, notes: readonly Note[]) {
    this.#database = database;
    this.run = run;
    this.obstacles = obstaclesIn(notes);
    this.#tables = new Map(bodiesOf<TableNote>(notes, "table"));
    this.#keys = new Map(bodiesOf<TableKeys>(notes, "keys"));
  }

  /** What an unfinished run left; null where there is none. */
  static async read(database: StandingDatabase): Promise<RunNotes | null> {
    const notes = await database.notes();
    const run = notes.find(({ kind }) => kind === "run");
    return run === undefined ? null : new RunNotes(database, JSON.parse(run.body) as RunNote, notes);
  }

  static async begin(
    database: StandingDatabase,
    run: RunNote,
    obstacles: readonly Obstacle[],
    { tables }: DataSchema,
  ): Promise<RunNotes> {
    // A run that was cut off before its first note leaves an empty table, and nothing was done.
    await database.dropNotes();
    await database.makeNotes();
    const aside = obstacles.map((obstacle, index) => ({ name: String(index).padStart(6, "0"), body: JSON.stringify(obstacle) }));
    const keys = tables.map(({ ref, uniqueKeys, foreignKeys }) => ({
      name: tableName(ref),
      body: JSON.stringify({ uniqueKeys, foreignKeys } satisfies TableKeys),
    }));
    const written: readonly Note[] = [
      ...aside.map((note) => ({ kind: "aside", ...note }) as const),
      ...keys.map((note) => ({ kind: "keys", ...note }) as const),
    ];
    const notes = new RunNotes(database, run, written);
    await database.transact(async () => {
      for (const note of written) await database.putNote(note);
      await notes.#putRun();
    });
    return notes;
  }

  /** The schema with the keys that it had before any was taken off: rules come by them, and uniqueness is asked for by them. */
  asPlanned(schema: DataSchema): DataSchema {
    return { ...schema, tables: schema.tables.map((table) => ({ ...table, ...this.#keys.get(tableName(table.ref)) })) };
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
  const aside = bodiesOf<Obstacle>(notes, "aside").sort(([one], [other]) => (one < other ? -1 : 1));
  return aside.map(([, obstacle]) => obstacle);
}

/** By name. */
function bodiesOf<Body>(notes: readonly Note[], wanted: Note["kind"]): [string, Body][] {
  return notes.filter(({ kind }) => kind === wanted).map(({ name, body }) => [name, JSON.parse(body) as Body]);
}
