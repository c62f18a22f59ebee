import { AT, BETWEEN, DIGIT, EDGE, KINDS, LETTER } from "./character-kinds.ts";
import { highJoined, highStep, lowJoined, lowStep, mixed, TextHash } from "./text-hash.ts";
import { isTellingNumber, MOST_CHARACTERS, TELLING_DIGITS, unitOf, wordsOf } from "./text-units.ts";

/** Words of the longest text that is looked for inside of other texts: a name, a street with its number. */
const MOST_WORDS = 4;

/** Groups that an IBAN or a card may be written in. */
const MOST_GROUPS = 7;

/** Units that may begin with one word, at most. */
const UNITS_OF_WORD = MOST_WORDS + MOST_GROUPS;

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
  /** The words of the text: their hashes, where they stand, and what they consist of. */
  #words = new WordList(64);
  #wordCount = 0;
  /** The text that the words stand in. */
  #text = "";
  /** The number that is being hashed. */
  #high = 0;
  #low = 0;

  constructor(hash: TextHash = new TextHash()) {
    this.#hash = hash;
  }

  /** Hashes what may be found in a text. */
  scan(text: string): void {
    this.count = 0;
    if (!this.#splitAscii(text)) this.#splitWords(wordsOf(text));
    const words = this.#wordCount;
    this.#reserve(words * UNITS_OF_WORD + 1);
    const hasNumbers = this.#digits(words) >= TELLING_DIGITS;
    const { highs } = this.#words;
    for (let first = 0; first < words; first++) {
      if (this.#isBeginning(highs[first]!)) this.#addRuns(first, Math.min(words, first + MOST_WORDS));
      if (hasNumbers) this.#addNumbers(first, Math.min(words, first + MOST_GROUPS));
    }
    this.isOneWord = words === 1 && !(hasNumbers && isTellingNumber(text));
    if (words <= MOST_WORDS) return;
    if (text.length > MOST_CHARACTERS) this.#addUnit(unitOf(text)!);
    else if (hasNumbers && isTellingNumber(this.#squeezed(0, words))) this.#addNumber(words);
    else if (this.#isBeginning(highs[0]!)) this.#addRun(words);
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
    const { highs, lows } = this.#words;
    let high = this.#hash.highSeed;
    let low = this.#hash.lowSeed;
    for (let word = first; word < end; word++) {
      high = highJoined(high, highs[word]!);
      low = lowJoined(low, lows[word]!);
      this.#add(high, low);
    }
  }

  /** The first words as one run. */
  #addRun(end: number): void {
    const { highs, lows } = this.#words;
    let high = this.#hash.highSeed;
    let low = this.#hash.lowSeed;
    for (let word = 0; word < end; word++) {
      high = highJoined(high, highs[word]!);
      low = lowJoined(low, lows[word]!);
    }
    this.#add(high, low);
  }

  /** Every number that begins with a word and ends with another. */
  #addNumbers(first: number, most: number): void {
    const { digits, letters, areNumeric } = this.#words;
    let [seenDigits, seenLetters] = [0, 0];
    this.#beginNumber();
    for (let word = first; word < most; word++) {
      // No number goes on behind an address.
      if (areNumeric[word] === 0) return;
      seenDigits += digits[word]!;
      seenLetters += letters[word]!;
      if (seenDigits === 0 && word - first >= MOST_WORDS - 1) return;
      this.#goOn(word);
      if (seenDigits < TELLING_DIGITS || seenLetters > seenDigits / 2) continue;
      // As many digits as a date has are looked at closer.
      if (seenDigits > TELLING_DIGITS || isTellingNumber(this.#squeezed(first, word + 1))) this.#endNumber();
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
    const text = this.#text;
    const end = this.#words.tos[word]!;
    let high = this.#high;
    let low = this.#low;
    for (let index = this.#words.froms[word]!; index < end; index++) {
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

  /** Digits of the first words. */
  #digits(end: number): number {
    const { digits } = this.#words;
    let sum = 0;
    for (let word = 0; word < end; word++) sum += digits[word]!;
    return sum;
  }

  /** Words without what stands between them. */
  #squeezed(first: number, end: number): string {
    let text = "";
    for (let word = first; word < end; word++) text += this.#text.slice(this.#words.froms[word], this.#words.tos[word]);
    return text;
  }

  /** Finds and hashes the words of a text in one go. False for a text with other than ASCII characters. */
  #splitAscii(text: string): boolean {
    this.#text = text;
    this.#wordCount = 0;
    const { length } = text;
    for (let index = 0; index < length; ) {
      let code = text.charCodeAt(index);
      if (code > 0x7f) return false;
      let kind = KINDS[code]!;
      if (kind <= EDGE) {
        index++;
        continue;
      }
      const from = index;
      let high = this.#hash.highSeed;
      let low = this.#hash.lowSeed;
      let digits = 0;
      let letters = 0;
      let isNumeric = 1;
      // Signs count once a character of a word follows them.
      let to = index;
      for (;;) {
        if (kind > EDGE) {
          for (; to < index; to++) {
            const sign = text.charCodeAt(to);
            high = highStep(high, sign);
            low = lowStep(low, sign);
          }
          if (kind === DIGIT) digits++;
          else if (kind === LETTER) {
            letters++;
            code |= LOWER;
          } else isNumeric = 0;
          high = highStep(high, code);
          low = lowStep(low, code);
          to++;
        }
        if (++index === length) break;
        code = text.charCodeAt(index);
        if (code > 0x7f) return false;
        kind = KINDS[code]!;
        if (kind === BETWEEN) break;
      }
      this.#addWord(mixed(high), mixed(low), from, to, digits, letters, isNumeric);
    }
    return true;
  }

  /** Hashes words that were found otherwise. */
  #splitWords(words: readonly string[]): void {
    this.#text = words.join(" ");
    this.#wordCount = 0;
    let from = 0;
    for (const word of words) {
      this.#hash.take(word);
      let digits = 0;
      let letters = 0;
      let isNumeric = 1;
      for (let index = 0; index < word.length; index++) {
        const code = word.charCodeAt(index);
        if (code > 0x7f || KINDS[code] === AT) isNumeric = 0;
        else if (KINDS[code] === DIGIT) digits++;
        else if (KINDS[code] === LETTER) letters++;
      }
      this.#addWord(this.#hash.high, this.#hash.low, from, from + word.length, digits, letters, isNumeric);
      from += word.length + 1;
    }
  }

  #addWord(high: number, low: number, from: number, to: number, digits: number, letters: number, isNumeric: number): void {
    if (this.#wordCount === this.#words.highs.length) this.#words = this.#words.grown();
    const word = this.#wordCount++;
    const words = this.#words;
    words.highs[word] = high;
    words.lows[word] = low;
    words.froms[word] = from;
    words.tos[word] = to;
    words.digits[word] = digits;
    words.letters[word] = letters;
    words.areNumeric[word] = isNumeric;
  }
}

const NUMBER_SIGN = 0x23;
/** The bit that a lower-case letter has beyond the upper-case one. */
const LOWER = 0x20;

class WordList {
  readonly highs: Int32Array;
  readonly lows: Int32Array;
  readonly froms: Int32Array;
  readonly tos: Int32Array;
  readonly digits: Int32Array;
  readonly letters: Int32Array;
  /** 0 for a word that is no part of a number whatever digits it has. */
  readonly areNumeric: Int32Array;

  constructor(length: number) {
    this.highs = new Int32Array(length);
    this.lows = new Int32Array(length);
    this.froms = new Int32Array(length);
    this.tos = new Int32Array(length);
    this.digits = new Int32Array(length);
    this.letters = new Int32Array(length);
    this.areNumeric = new Int32Array(length);
  }

  /** A longer list that begins with the same words. */
  grown(): WordList {
    const longer = new WordList(this.highs.length * 2);
    for (const name of ["highs", "lows", "froms", "tos", "digits", "letters", "areNumeric"] as const)
      longer[name].set(this[name]);
    return longer;
  }
}
