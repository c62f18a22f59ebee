import { randomBytes } from "node:crypto";
import { type ColumnPrf, createColumnPrf } from "../keys/column-prf.ts";
import { HashSample } from "./hash-sample.ts";
import type { Strength, TellingUnit } from "./telling-text.ts";
import { unitsIn, windowsOf } from "./text-units.ts";

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

/** Units that are hashed together. */
const AT_ONCE = 4_096;

/**
 * Remembers what must not be found in the copy, by keyed hashes alone and in bounded memory: the key is made for this watch and goes with it. Where more values come
 * than there is room for, it looks for a share of them.
 */
export class LeakWatch {
  readonly #prf: ColumnPrf = createColumnPrf(randomBytes(32));
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
  remember(of: string, units: readonly TellingUnit[]): void {
    for (let from = 0; from < units.length; from += AT_ONCE) {
      const some = units.slice(from, from + AT_ONCE);
      const words = this.#prf.words(some.map(({ unit }) => unit));
      for (let index = 0; index < some.length; index++)
        this.#hashes.add(words[index * 4]!, words[index * 4 + 1]!, this.#tagOf(of, some[index]!.strength));
    }
  }

  /** Looks for what is remembered in a column's cells, the first of which is row `firstRow`, from 0. */
  search(values: readonly (string | null)[], { firstRow, isMasked }: SearchedCells, found: Sightings): void {
    if (this.#hashes.size === 0) return;
    const units = new UnitRows();
    const searchSome = () => {
      const words = this.#prf.words(units.units);
      for (let index = 0; index < units.units.length; index++) {
        const tag = this.#hashes.tagOf(words[index * 4]!, words[index * 4 + 1]!);
        if (tag === 0) continue;
        const { of, strength } = this.#watched[tag - 1]!;
        const counts = strength === "strong" || (strength === "common" ? !isMasked : units.areWhole[index]!);
        if (counts) note(found, of, firstRow + units.rows[index]! + 1);
      }
      units.clear();
    };
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      if (value === null || value === "") continue;
      for (const window of windowsOf(value)) {
        units.add(row, unitsIn(window));
        if (units.units.length >= AT_ONCE) searchSome();
      }
    }
    searchSome();
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

/** Units of cells, to be hashed together. */
class UnitRows {
  readonly units: string[] = [];
  readonly rows: number[] = [];
  /** Whether the unit is all that there is in its cell. */
  readonly areWhole: boolean[] = [];

  add(row: number, units: readonly string[]): void {
    for (const unit of units) {
      this.units.push(unit);
      this.rows.push(row);
      this.areWhole.push(units.length === 1);
    }
  }

  clear(): void {
    this.units.length = 0;
    this.rows.length = 0;
    this.areWhole.length = 0;
  }
}

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
