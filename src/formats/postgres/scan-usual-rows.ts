import type { BoundsBuilder } from "../row-collector.ts";
import { SCAN_ROWS_WASM } from "./scan-rows-wasm.ts";

/** How many bytes are looked through at a time: they and their cells stay near the processor. As in scan-rows.wat, which says what lies where. */
const BLOCK = 65_536;
const STARTS = BLOCK + 16;
const ENDS = STARTS + 4 * BLOCK;
/** Stands behind the last block, for 16 bytes are compared at once. */
const NO_SEPARATOR = 0xff;

/** The part of the JavaScript interface of WebAssembly that is used here, of which the types of Node.js say nothing. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: Exports };
};

interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer };
  readonly start: { value: number };
  readonly left: { value: number };
  scan(length: number, base: number, columns: number): number;
}

interface Scanner extends Exports {
  readonly block: Uint8Array;
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

let scanner: Scanner | null = null;

/**
 * Fills `bounds` with the cells of `bytes[from, to)`, which ends with a newline, and returns the number of rows. Returns -1, and says no more, where a row has another
 * number of cells or the bytes hold a control character that COPY writes escaped: `scanCopyRows` knows what to make of those. Three times as fast as it.
 */
export function scanUsualRows(bytes: Buffer, from: number, to: number, columnCount: number, bounds: BoundsBuilder): number {
  scanner ??= startScanner();
  const { block, starts, ends, start, left } = scanner;
  start.value = from;
  left.value = columnCount;
  let cells = 0;
  for (let base = from; base < to; base += BLOCK) {
    const length = Math.min(BLOCK, to - base);
    block.set(bytes.subarray(base, base + length));
    if (length < BLOCK) block.fill(NO_SEPARATOR, length, length + 15);
    const found = scanner.scan(length, base, columnCount);
    if (found < 0) return -1;
    bounds.reserve(cells + found);
    bounds.starts.set(starts.subarray(0, found), cells);
    bounds.ends.set(ends.subarray(0, found), cells);
    cells += found;
  }
  // Rows that are whole leave none to be had.
  return left.value === columnCount ? cells / columnCount : -1;
}

function startScanner(): Scanner {
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(Buffer.from(SCAN_ROWS_WASM, "base64")));
  const { buffer } = exports.memory;
  return {
    ...exports,
    block: new Uint8Array(buffer, 0, STARTS),
    starts: new Int32Array(buffer, STARTS, BLOCK),
    ends: new Int32Array(buffer, ENDS, BLOCK),
  };
}
