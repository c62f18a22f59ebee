import type { ColumnValues, MaskColumn } from "../../contracts.ts";
import { canonicalOf } from "../../keys/canonical.ts";
import { createTweakedWalk, type TweakedWalk } from "../../keys/tweaked-walk.ts";
import { byLetters, compileForm, type ReadyForm } from "./id-ranks.ts";
import type { IdScheme } from "./id-scheme.ts";
import { compactOf, hasLetter, inLayoutOf } from "./id-text.ts";

export interface IdMaskOptions {
  readonly scheme: IdScheme;
  readonly keep: boolean;
  /** Letters that may stand before an identifier and are no part of it. @default none */
  readonly heads?: readonly string[];
  /** What a column of numbers needs: zeros that were lost at the front are filled up, and lost again. */
  readonly number?: { readonly min: bigint; readonly max: bigint } | "unbounded" | null;
  deriveKey(purpose: string): Uint8Array;
  /** Whether the values are stand-ins, and what they stood for is asked. @default false */
  readonly isBackward?: boolean;
}

/** Values of one form, side by side. */
interface Group {
  readonly rows: number[];
  readonly texts: string[];
  readonly heads: string[];
  readonly tweaks: string[];
  /** The parts of each one's number, one behind the other. */
  readonly ranks: number[];
}

/** Rows whose identifiers are held apart at a time: the garbage of more outlives the young. */
const FEW_ROWS = 1024;

/** Forms that are kept ready: the keys of an IBAN say where its letters are, and a column may hold many. */
const MAX_KEYS = 4096;

/** Encrypts identifiers of one scheme, or decrypts them, a column at a time. Each stays in its form, and no two meet. */
export function createIdMask(options: IdMaskOptions): MaskColumn {
  const { scheme, keep, heads = [], number = null, deriveKey, isBackward = false } = options;
  const ready = new Map<string, readonly ReadyForm[]>();
  const walks = new Map<string, { readonly walk: TweakedWalk; readonly entries: number }>();
  /** Entries of all tables that are held. */
  let held = 0;

  return (values) => {
    const masked = new Array<string | null | undefined>(values.length).fill(undefined);
    for (let from = 0; from < values.length; from += FEW_ROWS)
      maskRows(values, masked, from, Math.min(from + FEW_ROWS, values.length));
    return masked;
  };

  function maskRows(values: ColumnValues, masked: (string | null | undefined)[], from: number, to: number): void {
    const groups = new Map<ReadyForm, Group>();
    for (let row = from; row < to; row++) {
      const cell = values[row]!;
      if (cell === null || cell.trim() === "") {
        masked[row] = cell;
        continue;
      }
      const value = number === null ? cell : canonicalNumber(cell);
      if (number === null || isDigits(value)) placeAny(groups, row, value);
    }
    for (const [form, group] of groups) encrypt(form, group, values, masked);
  }

  /** Tries what a value may say, and what may stand before it: a number that lost its zeros is tried with one more at a time. */
  function placeAny(groups: Map<ReadyForm, Group>, row: number, value: string): void {
    const compact = compactOf(value, scheme);
    if (compact === null || place(groups, row, "", compact, value)) return;
    for (const head of heads) if (compact.startsWith(head) && place(groups, row, head, compact.slice(head.length), value)) return;
    if (number === null) return;
    for (let zeros = 1; zeros <= MAX_ZEROS; zeros++) if (place(groups, row, "", "0".repeat(zeros) + compact, value)) return;
  }

  function place(groups: Map<ReadyForm, Group>, row: number, head: string, text: string, value: string): boolean {
    for (const form of formsOf(text, value)) {
      let group = groups.get(form);
      if (group === undefined) {
        group = { rows: [], texts: [], heads: [], tweaks: [], ranks: [] };
        groups.set(form, group);
      }
      if (!form.add(text, group.ranks)) continue;
      group.rows.push(row);
      group.texts.push(text);
      group.heads.push(head);
      group.tweaks.push(form.tweakOf(text));
      return true;
    }
    return false;
  }

  function formsOf(text: string, value: string): readonly ReadyForm[] {
    const key = scheme.keyOf === undefined ? String(text.length) : scheme.keyOf(text, value);
    if (key === null) return [];
    const found = ready.get(key);
    if (found !== undefined) return found;
    const made = scheme
      .forms(key, keep)
      .flatMap((form, index) => {
        const name = form.name ?? `${key} ${index}`;
        return scheme.countsAll ? [[form, name] as const] : byLetters(form, name);
      })
      .map(([form, name]) => compileForm(form, name))
      .filter(({ size }) => size > 1n);
    if (ready.size === MAX_KEYS) ready.clear();
    ready.set(key, made);
    return made;
  }

  function walkOf({ name, size, isSmall }: ReadyForm): TweakedWalk {
    const id = `${name} ${size}`;
    const found = walks.get(id) ?? {
      walk: createTweakedWalk(deriveKey(`id ${name}`), size),
      entries: isSmall ? Number(size) : 0,
    };
    // Taken out and put back, the walk last used stands last.
    if (walks.delete(id)) held -= found.entries;
    walks.set(id, found);
    held += found.entries;
    for (const [oldest, { entries }] of walks) {
      if (held <= MAX_ENTRIES || oldest === id) break;
      walks.delete(oldest);
      held -= entries;
    }
    return found.walk;
  }

  /** Encrypts, and encrypts again what is no identifier. A cycle leads back to where it began, which was one. */
  function encrypt(
    form: ReadyForm,
    { rows, texts, heads: before, tweaks, ranks: flat }: Group,
    values: readonly (string | null)[],
    masked: (string | null | undefined)[],
  ): void {
    if (rows.length === 0) return;
    const walk = walkOf(form);
    let slots = [...rows.keys()];
    let ranks: readonly Float64Array[] = columnsOf(flat, form.forms.length);
    while (slots.length > 0) {
      const own = slots.length === rows.length ? tweaks : slots.map((slot) => tweaks[slot]!);
      const mapped =
        ranks.length === 1 ? [walk.numbers(ranks[0]!, own, isBackward)] : walk.parts(ranks, form.forms, own, isBackward);
      const again: number[] = [];
      for (let index = 0; index < slots.length; index++) {
        const slot = slots[index]!;
        const text = form.textOf(mapped, index, texts[slot]!);
        if (text === null || !canStand(text, texts[slot]!, form)) again.push(index);
        // Where a small domain leaves a value nothing but itself, it cannot be masked.
        else if (text !== texts[slot] || !form.isSmall) masked[rows[slot]!] = layOut(before[slot]! + text, values[rows[slot]!]!);
      }
      slots = again.map((index) => slots[index]!);
      ranks = mapped.map((column) => Float64Array.from(again, (index) => column[index]!));
    }
  }

  function canStand(text: string, original: string, { mixesLetters }: ReadyForm): boolean {
    if (number === null) return !mixesLetters || scheme.countsAll === true || hasLetter(text) === hasLetter(original);
    if (!isDigits(text) || !isReadAgain(text)) return false;
    if (number === "unbounded") return true;
    const value = BigInt(text);
    return value >= number.min && value <= number.max;
  }

  /** Whether a number that lost the zeros at its front is not taken for a shorter identifier. */
  function isReadAgain(text: string): boolean {
    const plain = withoutZeros(text);
    const lost = text.length - plain.length;
    for (let zeros = 0; zeros < lost; zeros++) {
      const shorter = "0".repeat(zeros) + plain;
      if (formsOf(shorter, plain).some((form) => form.add(shorter, []))) return false;
    }
    return lost <= MAX_ZEROS;
  }

  function layOut(text: string, value: string): string {
    return number === null ? inLayoutOf(value, text, scheme) : withoutZeros(text);
  }
}

/** Numbers of so many parts one behind the other, as an array for each part. */
function columnsOf(flat: readonly number[], parts: number): readonly Float64Array[] {
  const count = flat.length / parts;
  return Array.from({ length: parts }, (_, part) => {
    const column = new Float64Array(count);
    for (let slot = 0; slot < count; slot++) column[slot] = flat[slot * parts + part]!;
    return column;
  });
}

const canonicalNumber = canonicalOf({ kind: "integer", isPadded: false })!;
const isDigits = (text: string) => /^\d+$/.test(text);
const withoutZeros = (text: string) => text.replace(/^0+(?=\d)/, "");

/** Small domains have four tables of their size: this many entries are 128 MB. */
const MAX_ENTRIES = 8_000_000;

/** No scheme begins with more zeros than a few. */
const MAX_ZEROS = 5;
