import { StandinError } from "./errors.ts";
import type { Policy } from "./policy/define-policy.ts";

/** Refuses what one process alone can do: a subset, and ends that a caller made cannot be reached from elsewhere. Throws OPTION_INVALID. */
export function refuseWhatOneProcessDoes({ source, target, subset }: Pick<Policy, "source" | "target" | "subset">): void {
  if (subset !== undefined)
    throw new StandinError("OPTION_INVALID", "A subset is chosen by one process.", {
      hint: "Run it on one machine: `standin run --workers 8`. It is a part of the rows anyway.",
    });
  for (const [role, end] of Object.entries({ source, target })) {
    if (typeof end !== "object") continue;
    throw new StandinError(
      "OPTION_INVALID",
      `The policy's ${role} was made by a connector, and other processes cannot reach it.`,
      {
        hint: `Name it by its URL or path: ${role}: "postgres://…".`,
      },
    );
  }
}
