import type { Shard } from "../contracts.ts";
import { WHOLE_TABLE } from "../shard.ts";

/** Where rows stand in their table: the ordinal of the first, and how many. */
export interface RowRange {
  readonly firstRow: number;
  readonly rows: number;
}

/** The parts that the rows of a table were counted by: a row is known by its ordinal, so a part of which nobody knows where it begins cannot be selected from. */
export class CountedParts {
  readonly #parts = new Map<string, RowRange>();
  readonly #shards: Shard[] = [];
  #rows = 0;

  get rows(): number {
    return this.#rows;
  }

  get shards(): readonly Shard[] {
    return this.#shards;
  }

  /** Begins a part behind those that were counted. */
  begin(shard: Shard): void {
    this.#shards.push(shard);
    this.#parts.set(shard.id, { firstRow: this.#rows, rows: 0 });
  }

  /** Counts rows of the part that was begun last. */
  add(rows: number): void {
    this.#rows += rows;
    const { id } = this.#shards.at(-1)!;
    const part = this.#parts.get(id)!;
    this.#parts.set(id, { ...part, rows: part.rows + rows });
  }

  /** Null for a part that is none of these. The whole table is always one. */
  find({ id }: Shard): RowRange | null {
    return id === WHOLE_TABLE.id ? { firstRow: 0, rows: this.#rows } : (this.#parts.get(id) ?? null);
  }
}
