import type { Column, ColumnKind, ColumnValues } from "../contracts.ts";
import type { ColumnPrf } from "../keys/column-prf.ts";
import { CommonValues } from "./common-values.ts";
import { HashSample } from "./hash-sample.ts";
import { NumberSample, type Shapes } from "./number-sample.ts";

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
  readonly #prf: ColumnPrf;
  readonly #read: ((text: string) => number) | null;
  readonly #distinct = new HashSample(SLOTS);
  readonly #common = new CommonValues();
  readonly #numbers = new NumberSample();
  readonly #lengths = new NumberSample();
  #rows = 0;
  #nulls = 0;
  #characters = 0;
  #sum = 0;

  constructor({ kind }: Column, prf: ColumnPrf) {
    this.#prf = prf;
    this.#read = NUMBERS.has(kind) ? Number : DATES.has(kind) ? Date.parse : null;
  }

  add(values: ColumnValues): void {
    const words = this.#prf.words(values);
    this.#rows += values.length;
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      if (value === null) {
        this.#nulls++;
        continue;
      }
      this.#characters += value.length;
      this.#lengths.add(value.length);
      this.#distinct.add(words[row * 4]!, words[row * 4 + 1]!);
      this.#common.add(words[row * 4]!, words[row * 4 + 1]!);
      this.#sum = (this.#sum + words[row * 4 + 2]!) % 2 ** 52;
      if (this.#read !== null) this.#numbers.add(this.#read(value));
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

  /** Whether another side holds the same values, in whatever order: counts and a keyed sum of them agree. */
  isEqualTo(other: ColumnProfile): boolean {
    return this.#rows === other.#rows && this.#nulls === other.#nulls && this.#sum === other.#sum;
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
    return this.#read === null ? this.#lengths.shapesOf(other.#lengths, BINS) : this.#numbers.shapesOf(other.#numbers, BINS);
  }
}
