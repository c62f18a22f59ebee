import type { DataClass } from "../policy/class-names.ts";
import { ATTRIBUTE_WORDS, COMMON_WORDS } from "./attribute-words.ts";
import { type Recogniser, shareOf } from "./recogniser.ts";

/** Columns of a few fixed words, such as a gender or a religion. Two telling ones must be among them where no name helps. */
export const attributeRecognisers: readonly Recogniser[] = Object.entries(ATTRIBUTE_WORDS).map(([kind, listed]) => ({
  kind: kind as DataClass,
  accepts: ["text", "enum"],
  measure: (values) => {
    const lower = values.map((value) => value.toLowerCase());
    const telling = lower.filter((value) => listed.has(value) && !COMMON_WORDS.has(value)).length;
    const isPair = kind === "gender" && lower.length <= 4 && ["m", "f"].every((letter) => lower.includes(letter));
    const alone = telling >= 2 ? 0.85 : isPair ? 0.65 : 0;
    return {
      kind: kind as DataClass,
      share: shareOf(lower, (value) => listed.has(value)),
      alone,
      support: 0.8,
      isNeeded: false,
      least: 0.6,
      says: "are its usual words",
    };
  },
}));
