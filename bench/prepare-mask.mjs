import { generateMaskingKey } from "../dist/index.js";
import { prepareMask } from "../dist/testing.js";

/** A rule's mask for a column of text, to be called with whole columns. */
export async function createMaskerForBench(rule) {
  return prepareMask(rule, { key: generateMaskingKey() });
}
