import type { DataClass } from "../../policy/class-names.ts";
import type { NameLists } from "../words/name-lists.ts";
import { embeddedClasses } from "./recognise-embedded.ts";
import { isCoordinate } from "./recognise-place.ts";
import { type Recogniser, shareOf } from "./recogniser.ts";

/** Texts of several words. Alone they are told by what of a person stands in them. */
export function freeTextRecogniser(lists: NameLists): Recogniser {
  return {
    kind: "freeText",
    accepts: ["text", "array", "other", "xml"],
    measure: (values) => {
      const texts = values.filter((value) => value.length >= 12 && /\s\S+\s|[>{,;|]/.test(value) && !isCoordinate(value));
      const counts = new Map<DataClass, number>();
      let hits = 0;
      for (const text of texts) {
        const found = embeddedClasses(text, lists);
        if ([...found].some((kind) => kind !== "fullName")) hits++;
        for (const kind of found) counts.set(kind, (counts.get(kind) ?? 0) + 1);
      }
      const names = (counts.get("fullName") ?? 0) / Math.max(texts.length, 1);
      if (hits > 0 || names > 0.15) {
        const kinds = [...counts]
          .filter(([kind, count]) => kind !== "fullName" || count / texts.length > 0.15)
          .map(([kind]) => kind);
        const isMuch = hits / values.length > 0.02 || names > 0.3;
        return {
          kind: "freeText",
          share: texts.length / values.length,
          alone: isMuch ? 0.8 : 0.5,
          support: 0.9,
          isNeeded: false,
          says: `hold ${kinds.join(", ")}`,
        };
      }
      const share = shareOf(values, (value) => /\p{L}\S*\s+\S/u.test(value));
      return { kind: "freeText", share, alone: 0, support: 0.25, isNeeded: true, says: "are texts of several words" };
    },
  };
}
