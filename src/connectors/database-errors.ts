import type { TableToWrite } from "../contracts.ts";
import { StandinError } from "../errors.ts";
import { tableName } from "../table-ref.ts";

/** Which end of a run a session serves. */
export type Side = "source" | "target";

export function connectionLost(side: Side, place: string): StandinError {
  return new StandinError("CONNECTION_LOST", `The connection to the ${side} at ${place} was lost.`, {
    hint: "See the server's log for who ended it, and run again.",
  });
}

export function peerSilent(side: Side, place: string, seconds: number): StandinError {
  const what = side === "source" ? "sent nothing" : "taken nothing";
  return new StandinError("PEER_SILENT", `The ${side} at ${place} has ${what} for ${seconds} s, though rows are due.`, {
    hint: "Look for a lock on the table, an overloaded server or a dead network path.",
  });
}

export function aborted(): StandinError {
  return new StandinError("ABORTED", "The run was stopped; the target is as it was.");
}

/** What a limit of the caller's own counts. */
export const statementLimit = "sourceLimits → statementSeconds counts the whole reading of a table";

/** A statement that the server gave up: who may have wanted it. */
export function cancelledHint(side: Side): string | undefined {
  return side === "source" ? `Somebody cancelled it, or it took too long: ${statementLimit}.` : undefined;
}

/** Why a connection could not be made, completing "The source at … ", and what to look at. */
export type Reason = readonly [reason: string, hint: string];

/** A connection that could not be made. */
export function unreachable(side: Side, place: string, [reason, hint]: Reason): StandinError {
  const code = side === "source" ? "SOURCE_UNREACHABLE" : "TARGET_UNREACHABLE";
  return new StandinError(code, `The ${side} at ${place} ${reason}.`, { hint });
}

/** What a failure of the network means, null where the code is none. */
export function networkReason(code: unknown): Reason | null {
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
export function unknownReason(code: unknown): Reason {
  return [`cannot be reached (${typeof code === "string" && /^[A-Z0-9_]+$/.test(code) ? code : "no answer"})`, "Check the URL."];
}

export function missingTables(toWrite: readonly TableToWrite[]): StandinError {
  const names = toWrite.map(({ table }) => tableName(table.ref));
  return new StandinError("TARGET_TABLE_MISSING", `The target has no table ${names.join(", ")}.`, {
    table: names[0],
    hint: "Bring the target's migrations up to date, or point to an empty database: standin then makes every table.",
  });
}

/** Rows that point nowhere. `to` names the table that lacks them, where it is known. */
export function brokenReference(table: string | undefined, foreignKey: string | undefined, to = ""): StandinError {
  const rows = to === "" ? "rows" : `rows of ${to}`;
  return new StandinError(
    "REFERENCE_BROKEN",
    `Rows of ${table} point to ${rows} that are not there (foreign key ${foreignKey}).`,
    {
      table,
      hint: "Give both ends of the key one rule and one domain, and copy the table that it points to.",
    },
  );
}

export function anotherRun(): StandinError {
  return new StandinError("SINK_FAILED", "Another run of standin is writing to the target.", {
    hint: "Wait for it to end, or stop it.",
  });
}

export function lostWhilePublishing(): StandinError {
  return new StandinError("CONNECTION_LOST", "The connection was lost while publishing: the target is as it was, or complete.", {
    hint: "Look at the target before you run again.",
  });
}
