import type { DataClass } from "../../policy/class-names.ts";
import { ATTRIBUTE_WORDS, COMMON_WORDS } from "../words/attribute-words.ts";
import { type Recogniser, shareOf } from "./recogniser.ts";

/** How much of a medicine: `500 mg`. */
const DOSE = / \d{1,5}(?:\.\d{1,3})? ?(?:mg|mcg|µg|g|ml|iu|ie)$/;

/** Columns of a few fixed words, such as a gender or a religion. Two telling ones must be among them where no name helps. */
export const attributeRecognisers: readonly Recogniser[] = Object.entries(ATTRIBUTE_WORDS).map(([kind, listed]) => ({
  kind: kind as DataClass,
  accepts: ["text", "enum"],
  measure: (values) => {
    const lower = values.map((value) => value.toLowerCase().replace(DOSE, ""));
    const telling = lower.filter((value) => listed.has(value) && !COMMON_WORDS.has(value)).length;
    const isPair = kind === "gender" && lower.length <= 4 && ["m", "f"].every((letter) => lower.includes(letter));
    const share = shareOf(lower, (value) => listed.has(value));
    // `straight` and `black` tell something beside one that tells it.
    const isAmongCommon = telling === 1 && lower.length >= 3 && share === 1;
    const alone = telling >= 2 ? 0.85 : isPair || isAmongCommon ? 0.65 : 0;
    return {
      kind: kind as DataClass,
      share,
      alone,
      support: 0.8,
      isNeeded: false,
      least: 0.6,
      says: "are its usual words",
    };
  },
}));
