import { HashSample } from "./hash-sample.ts";
import type { Strength, TellingUnit } from "./telling-text.ts";
import { windowsOf } from "./text-units.ts";
import { UnitHashes } from "./unit-hashes.ts";

/** Cells of the copy in which values of one watched column were found. */
export interface Sighting {
  /** `customers.email`. */
  readonly of: string;
  cells: number;
  /** Ordinals of the first few rows, from 1. */
  readonly rows: number[];
  /** The row that was counted last. */
  last: number;
}

/** Rows that a sighting names. */
const NAMED_ROWS = 5;

/**
 * Remembers what must not be found in the copy, by seeded hashes alone and in bounded memory: the seed is made for this watch and goes with it. Where more values come
 * than there is room for, it looks for a share of them.
 */
export class LeakWatch {
  readonly #units = new UnitHashes();
  readonly #hashes: HashSample;
  readonly #watched: { readonly of: string; readonly strength: Strength }[] = [];

  constructor(mostSlots?: number) {
    this.#hashes = new HashSample(mostSlots);
  }

  /** One of so many values is looked for. */
  get every(): number {
    return this.#hashes.every;
  }

  /** How many different values are looked for. */
  get size(): number {
    return this.#hashes.size;
  }

  /** Remembers what tells of a person in a column of the source. */
  remember(of: string, units: Iterable<TellingUnit>): void {
    const tags = new Map<Strength, number>();
    for (const { unit, strength } of units) {
      let tag = tags.get(strength);
      if (tag === undefined) {
        tag = this.#tagOf(of, strength);
        tags.set(strength, tag);
      }
      this.#units.take(unit);
      this.#hashes.add(this.#units.highs[0]!, this.#units.lows[0]!, tag);
    }
  }

  /** Looks for what is remembered in a column's cells, the first of which is row `firstRow`, from 0. */
  search(values: readonly (string | null)[], { firstRow, isMasked }: SearchedCells, found: Sightings): void {
    if (this.#hashes.size === 0) return;
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      if (value === null || value === "") continue;
      for (const window of windowsOf(value)) this.#searchText(window, firstRow + row + 1, isMasked, found);
    }
  }

  #searchText(text: string, row: number, isMasked: boolean, found: Sightings): void {
    const units = this.#units;
    units.scan(text);
    const { highs, lows, count } = units;
    for (let index = 0; index < count; index++) {
      const tag = this.#hashes.tagOf(highs[index]!, lows[index]!);
      if (tag === 0) continue;
      const { of, strength } = this.#watched[tag - 1]!;
      const counts = strength === "strong" || (strength === "common" ? !isMasked : units.isOneWord);
      if (counts) note(found, of, row);
    }
  }

  #tagOf(of: string, strength: Strength): number {
    const place = this.#watched.findIndex((one) => one.of === of && one.strength === strength);
    if (place >= 0) return place + 1;
    // Beyond what a tag can number, the last column stands for all others.
    return this.#watched.length === MOST_TAGS ? MOST_TAGS : this.#watched.push({ of, strength });
  }
}

/** What a tag can number. */
const MOST_TAGS = 65_535;

/** Where cells that are searched come from. */
export interface SearchedCells {
  /** The ordinal of the first, from 0. */
  readonly firstRow: number;
  /** Whether a mask gave them. */
  readonly isMasked: boolean;
}

/** By the column of the source whose values they are. */
export type Sightings = Map<string, Sighting>;

function note(found: Sightings, of: string, row: number): void {
  let sighting = found.get(of);
  if (sighting === undefined) {
    sighting = { of, cells: 0, rows: [], last: 0 };
    found.set(of, sighting);
  }
  // A cell in which a value is found twice is one cell.
  if (sighting.last === row) return;
  sighting.last = row;
  sighting.cells++;
  if (sighting.rows.length < NAMED_ROWS) sighting.rows.push(row);
}
