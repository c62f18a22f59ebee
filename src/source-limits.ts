import { StandinError } from "./errors.ts";

/** What a run may ask of its source, which is somebody's production. */
export interface SourceLimits {
  /** Most rows read in a second, of all tables together. @default no limit */
  readonly rowsPerSecond?: number | undefined;
  /** Most megabytes (10^6 bytes) read in a second, as the source sends them. @default no limit */
  readonly megabytesPerSecond?: number | undefined;
  /**
   * Most sessions on the source at a time. A run reads by one, and by one more for each of several workers; where the target has no tables yet, `pg_dump` describes the
   * source's by two more.
   * @default no limit
   */
  readonly connections?: number | undefined;
  /**
   * Seconds after which the source's server cancels a statement of the run. Reading a table is one statement, however long it takes, and goes on while the run
   * waits for its target or is paused.
   * @default no limit
   */
  readonly statementSeconds?: number | undefined;
}

/** What each limit must be. */
export const SOURCE_LIMITS: { readonly [Name in keyof Required<SourceLimits>]: "a whole number from 1" | "a number above 0" } = {
  rowsPerSecond: "a number above 0",
  megabytesPerSecond: "a number above 0",
  connections: "a whole number from 1",
  statementSeconds: "a number above 0",
};

/** Whether it is limited how fast rows are read. */
export const limitsRate = ({ rowsPerSecond, megabytesPerSecond }: SourceLimits): boolean =>
  rowsPerSecond !== undefined || megabytesPerSecond !== undefined;

export function isLimit(name: keyof SourceLimits, value: unknown): value is number {
  if (typeof value !== "number" || !Number.isFinite(value)) return false;
  return SOURCE_LIMITS[name] === "a whole number from 1" ? Number.isInteger(value) && value >= 1 : value > 0;
}

/** Lays limits over others, and refuses what is none: a mistyped limit would be no limit. Throws OPTION_INVALID. */
export function joinLimits(base: SourceLimits | undefined, over: SourceLimits | undefined): SourceLimits {
  const joined: { -readonly [Name in keyof SourceLimits]: number } = {};
  for (const [name, value] of [...Object.entries(base ?? {}), ...Object.entries(over ?? {})]) {
    if (value === undefined) continue;
    if (!Object.hasOwn(SOURCE_LIMITS, name)) {
      const hint = `There are: ${Object.keys(SOURCE_LIMITS).join(", ")}.`;
      throw new StandinError("OPTION_INVALID", `sourceLimits has no "${name}".`, { hint });
    }
    const known = name as keyof SourceLimits;
    if (!isLimit(known, value))
      throw new StandinError("OPTION_INVALID", `sourceLimits: ${name} must be ${SOURCE_LIMITS[known]}.`);
    joined[known] = value;
  }
  return joined;
}
