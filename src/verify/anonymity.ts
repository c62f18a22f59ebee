import type { ColumnValues } from "../contracts.ts";
import type { ColumnPrf } from "../keys/column-prf.ts";
import type { AnonymityPolicy } from "../policy/define-policy.ts";

/** The re-identification risk that a table's rows carry, in classes of equal quasi-identifiers. */
export interface Anonymity {
  readonly classes: number;
  /** People of the smallest class. */
  readonly k: number;
  /** Share of the rows that are alone in their class. */
  readonly uniqueShare: number;
  /** Share of the rows in classes below the wanted k. */
  readonly belowShare: number;
  /** Least different texts by sensitive column. */
  readonly l: Readonly<Record<string, number>>;
  /** One of so many classes was looked at. */
  readonly every: number;
}

/** Classes that are held at a time. */
const MOST_CLASSES = 500_000;

/** Different texts that are counted for a class: above, more make no difference. */
export const MOST_TEXTS = 10;

interface EqualPeople {
  rows: number;
  /** Hashes of the texts that were seen, by sensitive column. */
  readonly seen: readonly Set<number>[];
}

/** Counts classes of equal quasi-identifiers as rows go by. Beyond `most` of them it looks at a fair share. */
export class AnonymityCount {
  readonly #prf: ColumnPrf;
  readonly #sensitive: readonly string[];
  readonly #wanted: number;
  readonly #most: number;
  #classes = new Map<number, EqualPeople>();
  #every = 1;

  constructor({ sensitive = [], k = 5 }: AnonymityPolicy, prf: ColumnPrf, most: number = MOST_CLASSES) {
    this.#most = most;
    this.#prf = prf;
    this.#sensitive = sensitive;
    this.#wanted = k;
  }

  /** NULL is a text like any other: who has none is told apart by it. */
  add(quasi: readonly ColumnValues[], sensitive: readonly ColumnValues[]): void {
    const texts = quasi[0]!.map((_, row) => JSON.stringify(quasi.map((values) => values[row])));
    const classes = this.#numbersOf(texts);
    const seen = sensitive.map((values) => this.#numbersOf(values.map((value) => JSON.stringify(value))));
    for (let row = 0; row < texts.length; row++) this.#count(classes[row]!, seen, row);
  }

  result(): Anonymity {
    const all = [...this.#classes.values()];
    const rows = all.reduce((sum, one) => sum + one.rows, 0);
    const share = (below: number) =>
      rows === 0 ? 0 : all.reduce((sum, one) => sum + (one.rows < below ? one.rows : 0), 0) / rows;
    const least = (numbers: readonly number[]) => numbers.reduce((one, other) => Math.min(one, other), Number.POSITIVE_INFINITY);
    return {
      classes: all.length * this.#every,
      k: rows === 0 ? 0 : least(all.map((one) => one.rows)),
      uniqueShare: share(2),
      belowShare: share(this.#wanted),
      l: Object.fromEntries(
        this.#sensitive.map((name, index) => [name, rows === 0 ? 0 : least(all.map(({ seen }) => seen[index]!.size))]),
      ),
      every: this.#every,
    };
  }

  #count(number: number, sensitive: readonly Float64Array[], row: number): void {
    if (number % this.#every !== 0) return;
    let people = this.#classes.get(number);
    if (people === undefined) {
      people = { rows: 0, seen: sensitive.map(() => new Set()) };
      this.#classes.set(number, people);
      if (this.#classes.size > this.#most) this.#thin();
    }
    people.rows++;
    for (const [index, numbers] of sensitive.entries()) {
      const seen = people.seen[index]!;
      if (seen.size < MOST_TEXTS) seen.add(numbers[row]!);
    }
  }

  #thin(): void {
    this.#every *= 2;
    for (const number of [...this.#classes.keys()]) if (number % this.#every !== 0) this.#classes.delete(number);
  }

  /** 52 keyed bits of each text. */
  #numbersOf(texts: readonly string[]): Float64Array {
    const words = this.#prf.words(texts);
    return Float64Array.from(texts, (_, row) => words[row * 4]! * 2 ** 20 + (words[row * 4 + 1]! >>> 12));
  }
}
