import { FORM_SITTINGS } from "./form-sittings.ts";
import { MEASURE_SITTINGS } from "./measure-sittings.ts";
import { PART_SITTINGS } from "./part-sittings.ts";
import { PIECE_SITTINGS } from "./piece-sittings.ts";
import { PLAIN_SITTINGS } from "./plain-sittings.ts";
import type { Sittings } from "./sitting.ts";

/** Every transform that standin exports. One that is missing fails the first test of promises.test.ts. */
export const SITTINGS: Sittings = {
  ...PLAIN_SITTINGS,
  ...FORM_SITTINGS,
  ...MEASURE_SITTINGS,
  ...PIECE_SITTINGS,
  ...PART_SITTINGS,
};

/** The rules by the names of their transform and sitting: what another process of an exam loads. */
export default Object.fromEntries(
  Object.entries(SITTINGS).flatMap(([name, sittings]) => sittings.map(([what, rule]) => [`${name}, ${what}`, rule])),
);
