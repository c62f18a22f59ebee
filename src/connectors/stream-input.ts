import type { Readable } from "node:stream";
import { StandinError } from "../errors.ts";
import { errorCode } from "./error-code.ts";

/** The bytes of a stream that can be read once. */
export async function* streamInput(input: Readable, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of input) yield chunk;
  } catch (error) {
    signal.throwIfAborted();
    throw new StandinError("SOURCE_FAILED", `The input could not be read (${errorCode(error)}).`);
  }
}
