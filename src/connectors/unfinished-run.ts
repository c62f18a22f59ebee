import { StandinError } from "../errors.ts";
import { counted } from "../written-numbers.ts";

/** The note of whoever begins where a run that could have been gone on with broke off. */
export const DROPPED_UNFINISHED = "dropped what an unfinished run had left";

/** A shard of which the target's server took another number of rows than were written: it is not kept. */
export function otherCount(table: string, written: number, taken: number): StandinError {
  const message = `${table}: ${counted(written, "row")} ${written === 1 ? "was" : "were"} written, and the target took ${taken}.`;
  return new StandinError("COUNT_MISMATCH", message, { table });
}
