import type { DumpFormat, DumpReader } from "../../formats/dump-format.ts";
import { openDump } from "./dump-input.ts";

/** Reads a dump of a schema alone, so that all of it is known before the first row of another. Throws what reading a dump throws. */
export async function readDumpSchema(path: string, format: DumpFormat, signal: AbortSignal): Promise<DumpReader> {
  const input = await openDump(path);
  const reader = format.reader();
  for await (const part of reader.parts(input.bytes(signal), signal)) if (part.type === "rows") part.batch.release?.();
  return reader;
}
