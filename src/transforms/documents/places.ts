import type { MaskedValues } from "../../contracts.ts";

/** Writes what a mask gave in the form that the value around it needs; undefined where it has none. What stood there is `value` from `from` up to `to`. */
export type WritePart = (masked: string | null, value: string, from: number, to: number) => string | undefined;

/** Stands for no mask: the place's own text is written. */
const FIXED = -1;

/** Answers of a mask, and how many of them have been used. */
export interface Answers {
  readonly parts: MaskedValues;
  next: number;
}

/** Places in values, where something else is to stand: one value's behind the other's, in columns, for there are many and they are short-lived. */
export class Places {
  readonly #froms: number[] = [];
  readonly #tos: number[] = [];
  readonly #masks: number[] = [];
  readonly #texts: string[] = [];
  readonly #writes: WritePart[] = [];

  get count(): number {
    return this.#froms.length;
  }

  /** What stands from here to there is masked, as the text that it is for. */
  mask(mask: number, from: number, to: number, text: string, write: WritePart): void {
    this.#froms.push(from);
    this.#tos.push(to);
    this.#masks.push(mask);
    this.#texts.push(text);
    this.#writes.push(write);
  }

  /** What stands from here to there is replaced by what no rule makes. */
  fix(from: number, to: number, text: string): void {
    this.mask(FIXED, from, to, text, asIs);
  }

  /** Which mask a place is for; none has the number of those that have none. */
  maskAt(place: number): number {
    return this.#masks[place]!;
  }

  textAt(place: number): string {
    return this.#texts[place]!;
  }

  /** Takes away all but the first places. */
  forget(count: number): void {
    for (const column of [this.#froms, this.#tos, this.#masks, this.#texts, this.#writes]) column.length = count;
  }

  /** A value with what the masks gave, in the order they were asked, at its places `first` up to `end`. Undefined where one gave what cannot stand there. */
  splice(value: string, first: number, end: number, answers: readonly Answers[]): string | undefined {
    let spliced: string | undefined = "";
    let copied = 0;
    for (let place = first; place < end; place++) {
      const mask = this.#masks[place]!;
      const from = this.#froms[place]!;
      const to = this.#tos[place]!;
      // Counted also for a value that has failed: the parts of the next one follow.
      const masked = mask === FIXED ? this.#texts[place] : answers[mask]!.parts[answers[mask]!.next++];
      if (masked === undefined || spliced === undefined) {
        spliced = undefined;
        continue;
      }
      const written: string | undefined = this.#writes[place]!(masked, value, from, to);
      spliced = written === undefined ? undefined : spliced + value.slice(copied, from) + written;
      copied = to;
    }
    return spliced === undefined ? undefined : spliced + value.slice(copied);
  }
}

const asIs: WritePart = (masked) => masked ?? undefined;

/** Stars, as many as there are characters. */
export function stars(text: string): string {
  let count = 0;
  for (const _ of text) count++;
  return "*".repeat(count);
}
