/** Characters that a value is written in, by their place among them. */
export interface Alphabet {
  readonly radix: number;
  /** How many of a value's characters are in the alphabet. */
  count(value: string): number;
  /** Writes the places of a value's characters from `at` on. */
  read(value: string, numerals: Uint16Array, at: number): void;
  /** The value with other characters where it has those of the alphabet. */
  write(value: string, numerals: Uint16Array, at: number): string;
}

/** A character may be of two code units. */
const FIRST_SURROGATE = 0xd800;
const LAST_HIGH_SURROGATE = 0xdbff;
const NONE = -1;

export function createAlphabet(characters: readonly string[]): Alphabet {
  const narrow = new Int32Array(0x10000).fill(NONE);
  const wide = new Map<number, number>();
  for (const [numeral, character] of characters.entries()) {
    if (character.length === 1) narrow[character.charCodeAt(0)] = numeral;
    else wide.set(character.codePointAt(0)!, numeral);
  }
  const isHigh = (code: number) => code >= FIRST_SURROGATE && code <= LAST_HIGH_SURROGATE;

  /** The place of the character that begins at a code unit, which is the high half of a pair where there is a low one behind it. */
  function numeralAt(value: string, index: number): number {
    const code = value.charCodeAt(index);
    if (!isHigh(code)) return narrow[code]!;
    const point = value.codePointAt(index)!;
    return point > 0xffff ? (wide.get(point) ?? NONE) : narrow[code]!;
  }

  const widthAt = (value: string, index: number) =>
    isHigh(value.charCodeAt(index)) && value.codePointAt(index)! > 0xffff ? 2 : 1;

  return {
    radix: characters.length,
    count(value) {
      let count = 0;
      for (let index = 0; index < value.length; index += widthAt(value, index)) if (numeralAt(value, index) !== NONE) count++;
      return count;
    },
    read(value, numerals, at) {
      let next = at;
      for (let index = 0; index < value.length; index += widthAt(value, index)) {
        const numeral = numeralAt(value, index);
        if (numeral !== NONE) numerals[next++] = numeral;
      }
    },
    write(value, numerals, at) {
      let next = at;
      let text = "";
      let kept = 0;
      for (let index = 0; index < value.length; ) {
        const width = widthAt(value, index);
        if (numeralAt(value, index) !== NONE) {
          if (kept < index) text += value.slice(kept, index);
          text += characters[numerals[next++]!]!;
          kept = index + width;
        }
        index += width;
      }
      return kept < value.length ? text + value.slice(kept) : text;
    },
  };
}
