import { StandinError } from "../../errors.ts";

const NEWLINE = 0x0a;

/** Where in the dump the bytes at hand stand, so that a refusal can say line and offset. Never what stands there. */
export class DumpPlace {
  /** Bytes before the first that is at hand. */
  offset = 0;
  /** Lines that end before it. */
  lines = 0;

  /** Counts `bytes[from, to)` as read; rows tell how many lines they have. */
  pass(bytes: Buffer, from: number, to: number, lines = countLines(bytes, from, to)): void {
    this.offset += to - from;
    this.lines += lines;
  }

  /** What is wrong at `bytes[at]`, `bytes[0]` being the first byte that has not passed. */
  invalid(bytes: Buffer, at: number, what: string, hint?: string, table?: string): StandinError {
    const line = this.lines + countLines(bytes, this.from, at) + 1;
    const offset = this.offset + at - this.from;
    return new StandinError("DUMP_INVALID", `The dump ${what} (line ${line}, byte ${offset}).`, { line, offset, hint, table });
  }

  /** Where in the bytes at hand the first stands that has not passed. */
  from = 0;
}

function countLines(bytes: Buffer, from: number, to: number): number {
  let lines = 0;
  for (let at = bytes.indexOf(NEWLINE, from); at >= 0 && at < to; at = bytes.indexOf(NEWLINE, at + 1)) lines++;
  return lines;
}
