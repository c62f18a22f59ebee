import type { Column, MaskColumn, MaskedValues, MaskParts } from "../../contracts.ts";

/** Writes what a mask gave in the form that the value around it needs; undefined where it has none. `raw` is what stood there. */
export type WritePart = (masked: string | null, raw: string) => string | undefined;

/** A place in a value: what stands there is replaced. */
export interface Place {
  readonly from: number;
  readonly to: number;
  /** Which of the masks it is given to, or `FIXED`. */
  readonly mask: number;
  /** What the mask is given; for `FIXED`, what takes the place. */
  readonly text: string;
  readonly write: WritePart;
}

/** Stands for no mask: the place's own text is written. */
export const FIXED = -1;

/** Finds the places of a value, in order and apart from each other. Undefined for a value that is not what it should be. */
export type FindPlaces = (value: string) => readonly Place[] | undefined;

export const asIs: WritePart = (masked) => masked ?? undefined;

/** A place that is replaced by what no rule makes. */
export function fixedPlace(from: number, to: number, text: string): Place {
  return { from, to, mask: FIXED, text, write: asIs };
}

/** Stars, as many as there are characters. */
export function stars(text: string): string {
  let count = 0;
  for (const _ of text) count++;
  return "*".repeat(count);
}

/**
 * Masks places within values: finds them, gathers those of the whole batch, asks each mask once, and puts the answers where the parts stood. Between
 * the places nothing is read or written anew.
 */
export function maskPlaces(masks: readonly MaskParts[], column: Column, find: FindPlaces): MaskColumn {
  return async (values, batch) => {
    const given = masks.map((): { texts: string[]; rows: number[] } => ({ texts: [], rows: [] }));
    const found = values.map((value, row) => {
      const places = value === null ? undefined : find(value);
      for (const { mask, text } of places ?? []) {
        if (mask === FIXED) continue;
        given[mask]!.texts.push(text);
        given[mask]!.rows.push(row);
      }
      return places;
    });
    const answers: { readonly parts: MaskedValues; next: number }[] = [];
    for (const [index, { texts, rows }] of given.entries())
      answers.push({ parts: texts.length === 0 ? [] : await masks[index]!(texts, batch, rows), next: 0 });
    return values.map((value, row) => {
      if (value === null) return null;
      const places = found[row];
      return places === undefined ? undefined : fitting(splice(value, places, answers), value, column);
    });
  };
}

function splice(
  value: string,
  places: readonly Place[],
  answers: readonly { readonly parts: MaskedValues; next: number }[],
): string | undefined {
  let spliced: string | undefined = "";
  let end = 0;
  for (const { from, to, mask, text, write } of places) {
    // Counted also for a value that has failed: the parts of the next one follow.
    const masked = mask === FIXED ? text : answers[mask]!.parts[answers[mask]!.next++];
    const written: string | undefined =
      masked === undefined || spliced === undefined ? undefined : write(masked, value.slice(from, to));
    spliced = written === undefined ? undefined : spliced + value.slice(end, from) + written;
    end = to;
  }
  return spliced === undefined ? undefined : spliced + value.slice(end);
}

/** A value may grow with its parts, its column does not. */
function fitting(masked: string | undefined, value: string, { maxLength, maxBytes }: Column): string | undefined {
  if (masked === undefined || masked.length <= value.length) return masked;
  if (maxLength !== null && masked.length > maxLength && [...masked].length > maxLength) return undefined;
  if (maxBytes != null && masked.length * 3 > maxBytes && Buffer.byteLength(masked) > maxBytes) return undefined;
  return masked;
}
