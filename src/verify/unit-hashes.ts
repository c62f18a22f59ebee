import { DIGIT, KINDS, LETTER } from "./character-kinds.ts";
import { highJoined, highStep, lowJoined, lowStep, mixed, TextHash } from "./text-hash.ts";
import { isTellingNumber, MOST_CHARACTERS, TELLING_DIGITS, unitOf } from "./text-units.ts";
import { DIGITS, FROM, HIGH, IS_NUMERIC, LETTERS, LOW, LOWER, STRIDE, TO, UnitWords } from "./unit-words.ts";

/** Words of the longest text that is looked for inside of other texts: a name, a street with its number. */
const MOST_WORDS = 4;

/** Groups that an IBAN or a card may be written in. */
const MOST_GROUPS = 7;

/** Units that may begin with one word, at most. */
const UNITS_OF_WORD = MOST_WORDS + MOST_GROUPS;

const NUMBER_SIGN = 0x23;

/** Words by which units begin that are told apart: 4 MB, of which a few million words mark a tenth. */
const BEGINNING_BITS = 25;

/**
 * Hashes of all that may be found in a text: the whole of it, its runs of one to four words, and its numbers however they are grouped. Each character is hashed once, and the words'
 * hashes are joined to those of runs: a text of thirteen words has sixty units, and none of them is written out. Runs that begin otherwise than all units that were taken are left out.
 */
export class UnitHashes {
  /** Of the text that was gone through last: `count` of them. */
  highs = new Int32Array(1_024);
  lows = new Int32Array(1_024);
  count = 0;
  /** Whether there is nothing but one word in the text. */
  isOneWord = false;
  readonly #hash: TextHash;
  /** A bit for every word that a unit begins with. */
  readonly #beginnings = new Int32Array(1 << (BEGINNING_BITS - 5));
  readonly #words: UnitWords;
  /** The number that is being hashed. */
  #high = 0;
  #low = 0;

  constructor(hash: TextHash = new TextHash()) {
    this.#hash = hash;
    this.#words = new UnitWords(hash);
  }

  /** Hashes what may be found in a text. */
  scan(text: string): void {
    this.count = 0;
    this.#words.take(text);
    const words = this.#words.count;
    this.#reserve(words * UNITS_OF_WORD + 1);
    const hasNumbers = this.#words.digits(words) >= TELLING_DIGITS;
    const { list } = this.#words;
    for (let first = 0; first < words; first++) {
      if (this.#isBeginning(list[first * STRIDE + HIGH]!)) this.#addRuns(first, Math.min(words, first + MOST_WORDS));
      if (hasNumbers) this.#addNumbers(first, Math.min(words, first + MOST_GROUPS));
    }
    this.isOneWord = words === 1 && !(hasNumbers && isTellingNumber(text));
    if (words <= MOST_WORDS) return;
    if (text.length > MOST_CHARACTERS) this.#addUnit(unitOf(text)!);
    else if (hasNumbers && isTellingNumber(this.#words.squeezed(0, words))) this.#addNumber(words);
    else if (this.#isBeginning(list[HIGH]!)) this.#addRun(words);
  }

  /** Hashes one unit as it is written down, to be found from now on. */
  take(unit: string): void {
    this.count = 0;
    this.#addUnit(unit);
    const space = unit.indexOf(" ");
    if (space >= 0) this.#hash.take(unit, 0, space);
    else if (unit.startsWith("#")) return;
    const word = this.#hash.high;
    this.#beginnings[word >>> (32 - BEGINNING_BITS + 5)]! |= 1 << (word >>> (32 - BEGINNING_BITS));
  }

  #isBeginning(word: number): boolean {
    return ((this.#beginnings[word >>> (32 - BEGINNING_BITS + 5)]! >>> (word >>> (32 - BEGINNING_BITS))) & 1) === 1;
  }

  #addUnit(unit: string): void {
    if (unit.startsWith("#")) {
      this.#hash.take(unit);
      this.#add(this.#hash.high, this.#hash.low);
      return;
    }
    let high = this.#hash.highSeed;
    let low = this.#hash.lowSeed;
    for (let from = 0; from <= unit.length; ) {
      const space = unit.indexOf(" ", from);
      const to = space < 0 ? unit.length : space;
      this.#hash.take(unit, from, to);
      high = highJoined(high, this.#hash.high);
      low = lowJoined(low, this.#hash.low);
      from = to + 1;
    }
    this.#add(high, low);
  }

  #addRuns(first: number, end: number): void {
    const { list } = this.#words;
    let high = this.#hash.highSeed;
    let low = this.#hash.lowSeed;
    for (let word = first; word < end; word++) {
      high = highJoined(high, list[word * STRIDE + HIGH]!);
      low = lowJoined(low, list[word * STRIDE + LOW]!);
      this.#add(high, low);
    }
  }

  /** The first words as one run. */
  #addRun(end: number): void {
    const { list } = this.#words;
    let high = this.#hash.highSeed;
    let low = this.#hash.lowSeed;
    for (let word = 0; word < end; word++) {
      high = highJoined(high, list[word * STRIDE + HIGH]!);
      low = lowJoined(low, list[word * STRIDE + LOW]!);
    }
    this.#add(high, low);
  }

  /** Every number that begins with a word and ends with another. */
  #addNumbers(first: number, most: number): void {
    const { list } = this.#words;
    let seenDigits = 0;
    let seenLetters = 0;
    this.#beginNumber();
    for (let word = first; word < most; word++) {
      // No number goes on behind an address.
      if (list[word * STRIDE + IS_NUMERIC] === 0) return;
      seenDigits += list[word * STRIDE + DIGITS]!;
      seenLetters += list[word * STRIDE + LETTERS]!;
      if (seenDigits === 0 && word - first >= MOST_WORDS - 1) return;
      this.#goOn(word);
      if (seenDigits < TELLING_DIGITS || seenLetters > seenDigits / 2) continue;
      // As many digits as a date has are looked at closer.
      if (seenDigits > TELLING_DIGITS || isTellingNumber(this.#words.squeezed(first, word + 1))) this.#endNumber();
    }
  }

  /** The first words as one number. */
  #addNumber(end: number): void {
    this.#beginNumber();
    for (let word = 0; word < end; word++) this.#goOn(word);
    this.#endNumber();
  }

  #beginNumber(): void {
    this.#high = highStep(this.#hash.highSeed, NUMBER_SIGN);
    this.#low = lowStep(this.#hash.lowSeed, NUMBER_SIGN);
  }

  #goOn(word: number): void {
    const { text, list } = this.#words;
    const end = list[word * STRIDE + TO]!;
    let high = this.#high;
    let low = this.#low;
    for (let index = list[word * STRIDE + FROM]!; index < end; index++) {
      const code = text.charCodeAt(index);
      const kind = KINDS[code];
      if (kind !== LETTER && kind !== DIGIT) continue;
      const lower = kind === LETTER ? code | LOWER : code;
      high = highStep(high, lower);
      low = lowStep(low, lower);
    }
    this.#high = high;
    this.#low = low;
  }

  #endNumber(): void {
    this.#add(mixed(this.#high), mixed(this.#low));
  }

  #add(high: number, low: number): void {
    this.highs[this.count] = high;
    this.lows[this.count++] = low;
  }

  #reserve(units: number): void {
    if (units <= this.highs.length) return;
    this.highs = new Int32Array(units * 2);
    this.lows = new Int32Array(units * 2);
  }
}
