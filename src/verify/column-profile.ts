import type { Column, ColumnKind, ColumnValues } from "../contracts.ts";
import { CommonValues } from "./common-values.ts";
import { dateNumber } from "./date-number.ts";
import { HashSample } from "./hash-sample.ts";
import { NumberSample, type Shapes } from "./number-sample.ts";
import type { TextHash } from "./text-hash.ts";

/** What one side of a column looks like: counts and shares alone. */
export interface ColumnShape {
  readonly rows: number;
  readonly nullShare: number;
  /** Different values: exact up to some thousands, else within a few percent. */
  readonly distinct: number;
  /** Characters of a value on average. */
  readonly meanLength: number;
  /** Share of the cells that are not NULL which the most frequent value has: what a deterministic mask cannot hide. */
  readonly mostCommonShare: number;
}

/** How far the numbers or dates of a column moved from the source to the copy, without saying what they are. */
export interface Drift {
  /** How far the mean moved, in standard deviations of the source. */
  readonly meanShift: number;
  /** Standard deviation of the copy as a share of the source's. */
  readonly spread: number;
  /** The largest difference of the two distributions (Kolmogorov–Smirnov), from 0 to 1, by samples. */
  readonly distance: number;
}

const SLOTS = 1 << 13;
const BINS = 24;
const NUMBERS = new Set<ColumnKind>(["integer", "decimal", "float"]);
const DATES = new Set<ColumnKind>(["date", "timestamp"]);

/** Gathers the shape of one side of a column, batch by batch, in bounded memory. */
export class ColumnProfile {
  readonly #hash: TextHash;
  readonly #read: ((text: string) => number) | null;
  readonly #distinct = new HashSample(SLOTS);
  readonly #common = new CommonValues();
  /** Numbers and dates, or else the lengths of texts. */
  readonly #numbers = new NumberSample();
  #rows = 0;
  #nulls = 0;
  #characters = 0;
  #highSum = 0;
  #lowSum = 0;

  constructor({ kind }: Column, hash: TextHash) {
    this.#hash = hash;
    this.#read = NUMBERS.has(kind) ? Number : DATES.has(kind) ? dateNumber : null;
  }

  add(values: ColumnValues): void {
    const [hash, read] = [this.#hash, this.#read];
    this.#rows += values.length;
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      if (value === null) {
        this.#nulls++;
        continue;
      }
      hash.takeCell(value);
      this.#characters += value.length;
      this.#distinct.add(hash.high, hash.low);
      this.#common.add(hash.high, hash.low);
      this.#highSum = (this.#highSum + hash.high) | 0;
      this.#lowSum = (this.#lowSum + hash.low) | 0;
      this.#numbers.add(read === null ? value.length : read(value));
    }
  }

  shape(): ColumnShape {
    const filled = this.#rows - this.#nulls;
    return {
      rows: this.#rows,
      nullShare: this.#rows === 0 ? 0 : this.#nulls / this.#rows,
      distinct: this.#distinct.estimate,
      meanLength: filled === 0 ? 0 : this.#characters / filled,
      mostCommonShare: this.#common.mostShare,
    };
  }

  /** Whether another side holds the same values, in whatever order: counts and a sum of their hashes agree. */
  isEqualTo(other: ColumnProfile): boolean {
    const isCountEqual = this.#rows === other.#rows && this.#nulls === other.#nulls;
    return isCountEqual && this.#highSum === other.#highSum && this.#lowSum === other.#lowSum;
  }

  /** Share of the different values that another side has too. */
  shareIn(other: ColumnProfile): number {
    const { missing, compared } = this.#distinct.missingIn(other.#distinct);
    return compared === 0 ? 0 : 1 - missing / compared;
  }

  /** How far another side's numbers lie from these; null where there are none to compare. */
  driftTo(other: ColumnProfile): Drift | null {
    return this.#read === null ? null : this.#numbers.driftTo(other.#numbers);
  }

  /** The distributions of both sides' numbers or dates, or else of the lengths of their texts, in steps of the source's deviation. */
  shapesOf(other: ColumnProfile): Shapes | null {
    return this.#numbers.shapesOf(other.#numbers, BINS);
  }
}
