import { randomBytes } from "node:crypto";

/** What the names of everything that a run makes beside the target's own tables start with. */
export const OUR_PREFIX = "_standin_";

const numbered = (what: string, index: number) => `${OUR_PREFIX}${what}_${String(index + 1).padStart(4, "0")}`;

/** The table that takes the new rows until they are published. */
export const stagingName = (index: number): string => numbered("new", index);

/** One that no table has yet. */
export const nextStagingName = (taken: readonly string[]): string =>
  stagingName(Math.max(0, ...taken.map((name) => Number(/\d+$/.exec(name)))));

/** The table that takes the rows of one session among several that write to a staging table. */
export const slotName = (staging: string, slot: number): string =>
  `${OUR_PREFIX}part_${/\d+$/.exec(staging)}_${String(slot).padStart(4, "0")}`;

export const isSlot = (name: string): boolean => /^_standin_part_\d{4,}_\d{4,}$/.test(name);

/** The staging table that a slot's rows are for. */
export const stagingOfSlot = (slotTable: string): string => `${OUR_PREFIX}new_${/_(\d+)_\d+$/.exec(slotTable)![1]}`;

/** Where the old table stands between the moment of publishing and its removal. */
export const retiredName = (index: number): string => numbered("old", index);

/** Holds what is left to do once the tables are swapped. */
export const AFTERMATH_TABLE = `${OUR_PREFIX}todo`;

/** Lists what else a run makes in a target that was empty. */
export const MADE_TABLE = `${OUR_PREFIX}made`;

/** Holds what a run is that keeps its shards, and where its rows are. */
export const RUN_TABLE = `${OUR_PREFIX}run`;

/** Holds the records of the shards whose rows are staged. */
export const SHARDS_TABLE = `${OUR_PREFIX}shards`;

/** Made to see whether it may be made, and gone at once. */
export const PROBE = `${OUR_PREFIX}probe`;

export const isStaging = (name: string): boolean => /^_standin_new_\d{4,}$/.test(name);

/** Whether a table is one that a run of standin made for itself, and that an interrupted one left behind. */
export const isOurs = (name: string): boolean =>
  /^_standin_((new|old)_\d{4,}|part_\d{4,}_\d{4,}|todo|made|run|shards)$/.test(name);

/** A foreign key or trigger whose own name is still taken by the old table's. One that an interrupted run left may hold a number already. */
export function interimNames(): () => string {
  const run = randomBytes(4).toString("hex");
  let count = 0;
  return () => numbered(`tmp_${run}`, count++);
}
