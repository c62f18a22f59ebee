import type { Rule } from "../../src/contracts.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";

/** A mask that keeps every value, and holds the row of this ordinal back until the blow has fallen. */
export function strikeAt(row: number, strike: () => Promise<void> | void): { readonly note: Rule; hasFallen(): boolean } {
  let rows = 0;
  let fallen = false;
  const note = custom((value) => {
    if (++rows !== row) return value;
    fallen = true;
    return Promise.resolve(strike()).then(() => value);
  });
  return { note, hasFallen: () => fallen };
}
