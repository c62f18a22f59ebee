import { StandinError } from "../errors.ts";

/** Which end of a run a session serves. */
export type Side = "source" | "target";

export function connectionLost(side: Side, place: string): StandinError {
  return new StandinError("CONNECTION_LOST", `The connection to the ${side} at ${place} was lost.`, {
    hint: "See the server's log for who ended it, and run again.",
  });
}

export function peerSilent(side: Side, place: string, seconds: number): StandinError {
  return new StandinError("PEER_SILENT", `The ${side} at ${place} has sent nothing for ${seconds} s, though rows are due.`, {
    hint: "Look for a lock on the table, an overloaded server or a dead network path.",
  });
}

export function aborted(): StandinError {
  return new StandinError("ABORTED", "The run was stopped; the target is as it was.");
}

/** A connection that could not be made. `reason` completes "The source at … ". */
export function unreachable(side: Side, place: string, [reason, hint]: readonly [reason: string, hint: string]): StandinError {
  const code = side === "source" ? "SOURCE_UNREACHABLE" : "TARGET_UNREACHABLE";
  return new StandinError(code, `The ${side} at ${place} ${reason}.`, { hint });
}

/** What a failure of the network means, null where the code is none. */
export function networkReason(code: unknown): readonly [reason: string, hint: string] | null {
  switch (code) {
    case "ECONNREFUSED":
      return ["refuses connections", "Check host and port, and that the server runs."];
    case "ENOTFOUND":
    case "EAI_AGAIN":
      return ["cannot be found: its host name does not resolve", "Check the host in the URL."];
    case "ETIMEDOUT":
      return ["does not answer", "Check host, port and firewall."];
    default:
      return null;
  }
}

/** The last resort: a driver's code, where it is a plain symbol. */
export function unknownReason(code: unknown): readonly [reason: string, hint: string] {
  return [`cannot be reached (${typeof code === "string" && /^[A-Z0-9_]+$/.test(code) ? code : "no answer"})`, "Check the URL."];
}
