import { open } from "node:fs/promises";
import { hostname, userInfo } from "node:os";
import { basename } from "node:path";
import { StandinError } from "../errors.ts";

/** One request for originals. Holds no value. */
export interface AuditEntry {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly who: string;
  /** `customers.card` */
  readonly column: string;
  /** Values asked for. */
  readonly count: number;
  /** Fingerprint of the masking key. */
  readonly key: string;
}

/** Adds one line of JSON and waits until it is on the disk. Throws AUDIT_FAILED: what cannot be written down does not happen. */
export async function writeAudit(file: string, entry: AuditEntry): Promise<void> {
  try {
    const log = await open(file, "a", 0o600);
    try {
      await log.write(`${JSON.stringify(entry)}\n`);
      await log.sync();
    } finally {
      await log.close();
    }
  } catch {
    const name = basename(file);
    throw new StandinError("AUDIT_FAILED", `The audit log ${name} cannot be written, so nothing is revealed.`, {
      file: name,
      hint: "Look at the path under `reveal` → `audit`, and whether its folder is there and may be written to.",
    });
  }
}

/** The user of this process and the machine. */
export function whoIsThis(): string {
  try {
    return `${userInfo().username}@${hostname()}`;
  } catch {
    // A container's user need not have a name.
    return `${process.getuid?.() ?? "unknown"}@${hostname()}`;
  }
}
