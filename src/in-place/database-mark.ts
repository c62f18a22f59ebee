import { StandinError } from "../errors.ts";
import type { StandingDatabase } from "../standing-database.ts";
import { obstaclesIn } from "./run-notes.ts";

/** Refuses a database that nobody marked, or whose mark came along with a copy. Throws MARK_MISSING. */
export async function requireMark(database: StandingDatabase): Promise<void> {
  const mark = await database.readMark();
  if (mark === "own") return;
  const hint = "Make sure that it is no production database, then: npx standin mark <url>.";
  if (mark === "foreign")
    throw new StandinError(
      "MARK_MISSING",
      "The database's mark was made in another one, and came along with a copy; it counts for nothing here.",
      { hint },
    );
  throw new StandinError("MARK_MISSING", "The database is not marked as none of production, so nothing in it is overwritten.", {
    hint,
  });
}

/** Marks a database as none of production. Throws UNFINISHED where a run in place was cut off: what it took off would be forgotten. */
export async function markDatabase(database: StandingDatabase): Promise<void> {
  if ((await database.readMark()) !== "none" && (await database.notes()).length > 0) {
    throw new StandinError("UNFINISHED", "A run in place was cut off here; a new mark would forget what it left to do.", {
      hint: "Go on with it: standin mask --resume. Or forget it, after a restore: standin mark --remove, and mark again.",
    });
  }
  await database.setMark();
}

/** Takes the mark away. Resolves with the statements that put back what a run that was cut off had taken off. */
export async function unmarkDatabase(database: StandingDatabase): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const { add } of [...obstaclesIn(await database.notes())].reverse()) missing.push(add);
  await database.removeMark();
  return missing;
}
