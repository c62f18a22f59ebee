import { MOST_FORMS } from "../../keys/mixed-radix.ts";
import type { IdField } from "./id-field.ts";
import type { IdForm } from "./id-scheme.ts";
import { hasLetter } from "./id-text.ts";

/** A form made ready: identifiers of it are the numbers 0 … size - 1, but those that `textOf` gives null for. */
export interface ReadyForm {
  readonly name: string;
  readonly size: bigint;
  readonly isSmall: boolean;
  /** Some of its texts may have letters, and others none. */
  readonly mixesLetters: boolean;
  /** The parts that a number has in mixed radix, the first one highest: how many forms each. One part alone where that is exact. */
  readonly forms: readonly number[];
  /** Adds the parts of a text's number, or says false where the text is not of this form. */
  add(text: string, ranks: number[]): boolean;
  /** What stays of a text and binds the rest. */
  tweakOf(text: string): string;
  /** The text of a number, whose parts stand at `slot` of an array each. */
  textOf(ranks: readonly Float64Array[], slot: number, original: string): string | null;
}

interface PlacedField extends IdField {
  readonly at: number;
}

/** Fields side by side whose numbers are one part. */
interface Part {
  readonly fields: readonly PlacedField[];
  readonly forms: number;
}

const MAX_NUMBER = 2 ** 53;
const SMALL = 1_000_000n;

/** Numbers the texts of a form in mixed radix: a digit for each field. */
export function compileForm(form: IdForm, name: string): ReadyForm {
  const size = form.fields.reduce((product, field) => product * BigInt(field.size), 1n);
  const isWide = size > BigInt(MAX_NUMBER);
  const fields = placed(isWide ? form.fields.flatMap((field) => field.parts ?? [field]) : form.fields);
  const length = fields.reduce((sum, { width }) => sum + width, 0);
  const parts = partsOf(fields, isWide ? MOST_FORMS : MAX_NUMBER);
  const canWrite = fields.every(({ keeps, write }) => keeps !== undefined || write !== undefined);
  if (isWide && !canWrite) throw new RangeError("A long identifier has fields that are not written in Latin-1.");
  const scratch = canWrite ? Buffer.alloc(length) : null;
  const bound = fields.filter(({ keeps }) => keeps === "bound");
  const complete = form.complete ?? ((text: string) => text);

  return {
    name,
    size,
    isSmall: size < SMALL,
    mixesLetters: fields.every(({ letterless }) => letterless !== null),
    forms: parts.map(({ forms }) => forms),
    add(text, ranks) {
      if (text.length !== length) return false;
      const before = ranks.length;
      for (const { fields } of parts) {
        let number = 0;
        for (const field of fields) {
          const rank = field.rank(text, field.at);
          if (rank < 0) {
            ranks.length = before;
            return false;
          }
          number = number * field.size + rank;
        }
        ranks.push(number);
      }
      if (complete(text) === text) return true;
      ranks.length = before;
      return false;
    },
    tweakOf: (text) => {
      let tweak = "";
      for (const { at, width } of bound) tweak += text.slice(at, at + width);
      return tweak;
    },
    textOf(ranks, slot, original) {
      if (scratch === null) return complete(partText(parts[0]!, ranks[0]![slot]!, original));
      for (let part = 0; part < parts.length; part++) writePart(parts[part]!, ranks[part]![slot]!, original, scratch);
      return complete(scratch.toString("latin1", 0, length));
    },
  };
}

function placed(fields: readonly IdField[]): readonly PlacedField[] {
  let at = 0;
  return fields.map((field) => {
    const here = { ...field, at };
    at += field.width;
    return here;
  });
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

function partText({ fields }: Part, number: number, original: string): string {
  let text = "";
  let rest = number;
  for (let index = fields.length - 1; index >= 0; index--) {
    const { size, keeps, at, width, text: textOf } = fields[index]!;
    if (keeps !== undefined) text = original.slice(at, at + width) + text;
    else if (size === 1) text = textOf(0) + text;
    else if (index === 0) text = textOf(rest) + text;
    else {
      const higher = Math.floor(rest / size);
      text = textOf(rest - higher * size) + text;
      rest = higher;
    }
  }
  return text;
}

function writePart({ fields }: Part, number: number, original: string, target: Uint8Array): void {
  let rest = number;
  for (let index = fields.length - 1; index >= 0; index--) {
    const field = fields[index]!;
    const { size, keeps, at, width } = field;
    if (keeps !== undefined) for (let next = at; next < at + width; next++) target[next] = original.charCodeAt(next);
    else if (size === 1) field.write!(0, target, at);
    else {
      const higher = Math.floor(rest / size);
      field.write!(rest - higher * size, target, at);
      rest = higher;
    }
  }
}

/** Cuts the fields where the product of their sizes would be more than `most`. */
function partsOf(fields: readonly PlacedField[], most: number): readonly Part[] {
  const parts: { fields: PlacedField[]; forms: number }[] = [{ fields: [], forms: 1 }];
  for (const field of fields) {
    if (field.size > most) throw new RangeError("A field of a long identifier has too many texts, and no parts.");
    const last = parts.at(-1)!;
    if (last.forms * field.size <= most) {
      last.fields.push(field);
      last.forms *= field.size;
    } else parts.push({ fields: [field], forms: field.size });
  }
  return parts;
}
