import { isStandinError, type StandinError } from "../errors.ts";
import { aborted } from "./database-errors.ts";

/** What a trial failed with, null where it did not. An abort is no failure of the trial. */
export async function failureOf(signal: AbortSignal, trial: () => Promise<void>): Promise<StandinError | null> {
  try {
    await trial();
    return null;
  } catch (error) {
    if (signal.aborted) throw aborted();
    if (isStandinError(error)) return error;
    throw error;
  }
}
