import type { Column, ColumnValues, MaskColumn, MaskParts, RowBatch } from "../../contracts.ts";
import { type Answers, Places } from "./places.ts";

/** Finds the places of a value, in order and apart from each other. False for a value that is not what it should be. */
export type FindPlaces = (value: string, places: Places) => boolean;

/** Stands for where the places of a value end, which has none because it cannot be handled. */
const UNSUPPORTED = -1;

/**
 * Masks places within values: finds them, gathers those of the whole batch, asks each mask once, and puts the answers where the parts stood. Between
 * the places nothing is read or written anew.
 */
export function maskPlaces(masks: readonly MaskParts[], column: Column, find: FindPlaces): MaskColumn {
  return async (values, batch) => {
    const places = new Places();
    const ends = findAll(values, places, find);
    const answers = await askMasks(masks, places, ends, batch);
    let at = 0;
    return values.map((value, row) => {
      if (value === null) return null;
      const from = at;
      const end = ends[row]!;
      if (end === UNSUPPORTED) return undefined;
      at = end;
      return fitting(places.splice(value, from, end, answers), value, column);
    });
  };
}

/** Where the places of each value end. */
function findAll(values: ColumnValues, places: Places, find: FindPlaces): readonly number[] {
  return values.map((value) => {
    const from = places.count;
    if (value === null || find(value, places)) return places.count;
    places.forget(from);
    return UNSUPPORTED;
  });
}

async function askMasks(
  masks: readonly MaskParts[],
  places: Places,
  ends: readonly number[],
  batch: RowBatch,
): Promise<readonly Answers[]> {
  const given = masks.map((): { texts: string[]; rows: number[] } => ({ texts: [], rows: [] }));
  let at = 0;
  for (const [row, end] of ends.entries())
    for (; at < end; at++) {
      const asked = given[places.maskAt(at)];
      if (asked === undefined) continue;
      asked.texts.push(places.textAt(at));
      asked.rows.push(row);
    }
  const answers: Answers[] = [];
  for (const [index, { texts, rows }] of given.entries())
    answers.push({ parts: texts.length === 0 ? [] : await masks[index]!(texts, batch, rows), next: 0 });
  return answers;
}

/** A value may grow with its parts, its column does not. */
function fitting(masked: string | undefined, value: string, { maxLength, maxBytes }: Column): string | undefined {
  if (masked === undefined || masked.length <= value.length) return masked;
  if (maxLength !== null && masked.length > maxLength && [...masked].length > maxLength) return undefined;
  if (maxBytes != null && masked.length * 3 > maxBytes && Buffer.byteLength(masked) > maxBytes) return undefined;
  return masked;
}
