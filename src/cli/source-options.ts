import { type Command, InvalidArgumentError } from "commander";
import { PauseSwitch } from "../pause-switch.ts";
import { isLimit, SOURCE_LIMITS, type SourceLimits } from "../source-limits.ts";

/** What the flags of `withSourceLimits` say, limit by limit over the policy's. */
export interface SourceOptions {
  readonly maxRowsPerSecond?: number | undefined;
  readonly maxMbPerSecond?: number | undefined;
  readonly maxSourceConnections?: number | undefined;
  readonly statementTimeout?: number | undefined;
}

/** Adds the flags for a source that is production. */
export function withSourceLimits(command: Command): Command {
  const limit = (name: keyof SourceLimits) => (text: string) => {
    const value = text.trim() === "" ? Number.NaN : Number(text);
    if (!isLimit(name, value)) throw new InvalidArgumentError(`It must be ${SOURCE_LIMITS[name]}.`);
    return value;
  };
  return command
    .option("--max-rows-per-second <count>", "most rows to read from the source in a second", limit("rowsPerSecond"))
    .option("--max-mb-per-second <count>", "most megabytes to read from the source in a second", limit("megabytesPerSecond"))
    .option("--max-source-connections <count>", "most sessions on the source at a time", limit("connections"))
    .option(
      "--statement-timeout <seconds>",
      "have the source's server cancel a statement that takes longer; reading a table is one (default: never)",
      limit("statementSeconds"),
    );
}

export function sourceLimits(options: SourceOptions): SourceLimits {
  return {
    rowsPerSecond: options.maxRowsPerSecond,
    megabytesPerSecond: options.maxMbPerSecond,
    connections: options.maxSourceConnections,
    statementSeconds: options.statementTimeout,
  };
}

/** A switch that SIGUSR2 throws, one way and the other. (SIGUSR1 starts Node's debugger.) */
export function pauseOnSignal(): PauseSwitch {
  const pauseSwitch = new PauseSwitch();
  process.on("SIGUSR2", () => (pauseSwitch.isPaused ? pauseSwitch.resume() : pauseSwitch.pause()));
  return pauseSwitch;
}
