import type { IdField } from "./id-field.ts";
import type { IdForm } from "./id-scheme.ts";
import { hasLetter } from "./id-text.ts";

/** Where the numbers of a group's values are collected: in one of the two lists, by the size of the form. */
export interface IdRanks {
  readonly numbers: number[];
  readonly bigints: bigint[];
}

/** A form made ready: identifiers of it are the numbers 0 … size - 1, but those that `textOf` gives null for. */
export interface ReadyForm {
  readonly name: string;
  readonly size: bigint;
  readonly isWide: boolean;
  readonly isSmall: boolean;
  /** Some of its texts may have letters, and others none. */
  readonly mixesLetters: boolean;
  /** Adds the number of a text, or says false where the text is not of this form. */
  add(text: string, ranks: IdRanks): boolean;
  /** What stays of a text and binds the rest. */
  tweakOf(text: string): string;
  textOf(rank: number | bigint, original: string): string | null;
}

interface PlacedField extends IdField {
  readonly at: number;
}

/** Fields whose numbers fit a double together. */
interface Limb {
  readonly fields: readonly PlacedField[];
  readonly size: number;
}

const MAX_LIMB = 2 ** 53;
const SMALL = 1_000_000n;

/** Numbers the texts of a form in mixed radix: a digit for each field. */
export function compileForm(form: IdForm, name: string): ReadyForm {
  let at = 0;
  const fields = form.fields.map((field): PlacedField => {
    const placed = { ...field, at };
    at += field.width;
    return placed;
  });
  const length = at;
  const limbs = limbsOf(fields);
  const size = limbs.reduce((product, limb) => product * BigInt(limb.size), 1n);
  const isWide = size > BigInt(MAX_LIMB);
  const bound = fields.filter(({ keeps }) => keeps === "bound");
  const complete = form.complete ?? ((text: string) => text);

  return {
    name,
    size,
    isWide,
    isSmall: size < SMALL,
    mixesLetters: fields.every(({ letterless }) => letterless !== null),
    add(text, { numbers, bigints }) {
      if (text.length !== length) return false;
      let whole = 0n;
      let part = 0;
      for (const limb of limbs) {
        part = 0;
        for (const field of limb.fields) {
          const rank = field.rank(text, field.at);
          if (rank < 0) return false;
          part = part * field.size + rank;
        }
        if (isWide) whole = whole * BigInt(limb.size) + BigInt(part);
      }
      if (complete(text) !== text) return false;
      if (isWide) bigints.push(whole);
      else numbers.push(part);
      return true;
    },
    tweakOf: (text) => {
      let tweak = "";
      for (const { at, width } of bound) tweak += text.slice(at, at + width);
      return tweak;
    },
    textOf(rank, original) {
      if (typeof rank === "number") return complete(limbText(limbs[0]!, rank, original));
      let text = "";
      let rest = rank;
      for (let index = limbs.length - 1; index > 0; index--) {
        const limbSize = BigInt(limbs[index]!.size);
        const higher = rest / limbSize;
        text = limbText(limbs[index]!, Number(rest - higher * limbSize), original) + text;
        rest = higher;
      }
      return complete(limbText(limbs[0]!, Number(rest), original) + text);
    },
  };
}

/**
 * A form as one, or as two where few of its texts have no letter, such as one MAC address in 280: those without are encrypted among themselves. A text shows
 * by its letters whether it is written small, and would lose that with the last of them.
 */
export function byLetters(form: IdForm, name: string): readonly (readonly [IdForm, name: string])[] {
  const { fields, complete = (text: string) => text } = form;
  if (fields.some(({ letterless }) => letterless === null) || fields.every(({ letterless }) => letterless === undefined))
    return [[form, name]];
  const only = (isLettered: boolean) => (text: string) => {
    const completed = complete(text);
    return completed !== null && hasLetter(completed) === isLettered ? completed : null;
  };
  const digits = fields.map((field) => field.letterless ?? field);
  return [
    [{ fields, complete: only(true) }, name],
    [{ fields: digits, complete: only(false) }, `${name} digits`],
  ];
}

function limbText({ fields }: Limb, number: number, original: string): string {
  let text = "";
  let rest = number;
  for (let index = fields.length - 1; index >= 0; index--) {
    const { size, keeps, at, width, text: textOf } = fields[index]!;
    if (keeps !== undefined) text = original.slice(at, at + width) + text;
    else if (size === 1) text = textOf(0) + text;
    else {
      const higher = Math.floor(rest / size);
      text = textOf(rest - higher * size) + text;
      rest = higher;
    }
  }
  return text;
}

/** Cuts the fields where the product of their sizes would pass 2^53. */
function limbsOf(fields: readonly PlacedField[]): readonly Limb[] {
  const limbs: { fields: PlacedField[]; size: number }[] = [{ fields: [], size: 1 }];
  for (const field of fields) {
    const last = limbs.at(-1)!;
    if (last.size * field.size <= MAX_LIMB) {
      last.fields.push(field);
      last.size *= field.size;
    } else limbs.push({ fields: [field], size: field.size });
  }
  return limbs;
}
