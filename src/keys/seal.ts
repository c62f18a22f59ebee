import { createCipheriv, createDecipheriv, randomBytes } from "node:crypto";
import { StandinError } from "../errors.ts";
import type { MaskingKey } from "./masking-key.ts";

const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Enciphers what lies with somebody else, for processes that have the masking key: AES-256-GCM (NIST SP 800-38D) under a key of the run's own, with a random nonce.
 * Hides everything but the length, and tells when a bit is changed.
 */
export class Seal {
  readonly #key: Uint8Array;

  /** For one run, by its name: what one has sealed no other opens. */
  constructor(key: Pick<MaskingKey, "derive">, runId: string) {
    this.#key = key.derive("seal", runId);
  }

  close(bytes: Uint8Array): string {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv("aes-256-gcm", this.#key, nonce);
    const sealed = [nonce, cipher.update(bytes), cipher.final()];
    return Buffer.concat([...sealed, cipher.getAuthTag()]).toString("base64url");
  }

  /** Throws RESUME_REFUSED where the key is another, or somebody has changed something. */
  open(sealed: string): Uint8Array {
    const bytes = Buffer.from(sealed, "base64url");
    try {
      const decipher = createDecipheriv("aes-256-gcm", this.#key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
      decipher.setAuthTag(bytes.subarray(-TAG_BYTES));
      return Buffer.concat([decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
    } catch {
      throw new StandinError("RESUME_REFUSED", "What the run's coordinator has sealed does not open with this key.", {
        hint: "Give every worker the coordinator's key.",
      });
    }
  }
}
