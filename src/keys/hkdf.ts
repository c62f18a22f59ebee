import { hkdfSync } from "node:crypto";
import { StandinError } from "../errors.ts";

/** What `node:crypto` takes as HKDF info. */
const MAX_INFO = 1024;

/** HKDF-SHA-256 (RFC 5869) without salt: a 32-byte key for what `info` names. */
export function hkdf(key: Uint8Array, info: Uint8Array): Uint8Array {
  if (info.length > MAX_INFO) {
    throw new StandinError(
      "OPTION_INVALID",
      `A key's purpose and domain take ${info.length} bytes, and ${MAX_INFO} is the most.`,
      {
        hint: "Give the rule a shorter domain.",
      },
    );
  }
  return new Uint8Array(hkdfSync("sha256", key, new Uint8Array(0), info, 32));
}
