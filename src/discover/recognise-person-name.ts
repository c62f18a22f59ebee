import type { NameLists } from "./name-lists.ts";
import { type Recogniser, shareOf } from "./recogniser.ts";

const TITLE = /^(?:mr|mrs|ms|miss|dr|prof|sir|herr|frau|hr|fr|mme|mlle|sr|sra|srta|sig|dott|pan|pani|dhr|mevr)\.?\s+/i;

/** What stands in the names of firms. */
const FIRM =
  /(?:^|[\s,])(?:gmbh|ag|kg|ohg|se|inc|llc|ltd|plc|corp|co|company|group|sons|s\.?a|sarl|sas|spa|srl|bv|nv|ab|oy|a\/s|und|and|et|e|y|og|och|&|-)(?:[\s.,]|$)/iu;

/** One to five words of letters, as names have them. */
export function hasFormOfName(value: string): boolean {
  return (
    value.length <= 80 &&
    /^[\p{L}\p{M}'’.-]+(?:,? [\p{L}\p{M}'’.-]+){0,5}$/u.test(value) &&
    /^\P{Ll}*\p{L}/u.test(value) &&
    !/_/.test(value)
  );
}

export function personNameRecognisers({ first, last, cities }: NameLists): readonly Recogniser[] {
  const parts = (value: string) =>
    value
      .toLowerCase()
      .replace(TITLE, "")
      .split(/[\s,-]+/)
      .filter((part) => part !== "");
  const isFirst = (value: string) => hasFormOfName(value) && parts(value).length <= 2 && first.has(parts(value)[0] ?? "");
  const isLast = (value: string) =>
    hasFormOfName(value) && parts(value).length <= 3 && (last.has(value.toLowerCase()) || last.has(parts(value).at(-1) ?? ""));
  const isFull = (value: string) => {
    if (!hasFormOfName(value)) return false;
    const words = parts(value);
    if (words.length < 2) return false;
    return (
      words.some((word) => first.has(word)) &&
      (words.some((word) => last.has(word)) || /^\p{Lu}[\p{L}'’.-]+ (?:\p{Lu}\.? )?\p{Lu}[\p{L}'’-]+$/u.test(value))
    );
  };
  /** A list holds a part of all names: two of five in it are as many as a column of real names has. */
  const listed = (
    kind: "firstName" | "lastName" | "fullName",
    test: (value: string) => boolean,
    says: string,
    alone: number,
  ): Recogniser => ({
    kind,
    measure: (values) => {
      const hits = shareOf(values, test);
      const form = shareOf(values, hasFormOfName);
      const share = Math.min(1, hits * 2) * form;
      const isCity = shareOf(values, (value) => cities.has(value.toLowerCase())) > hits / 2;
      const isCapital = shareOf(values, (value) => /^\p{Lu}/u.test(value)) >= 0.7;
      const isFirm = shareOf(values, (value) => FIRM.test(value)) >= 0.15;
      // Five words of a short list may be names by chance.
      if (hits >= 0.35 && form >= 0.8 && values.length >= 5 && isCapital && !isCity && !isFirm)
        return { kind, share, alone: values.length >= 10 ? alone : alone * 0.65, support: 0.85, isNeeded: false, says };
      if (hits >= 0.2 && form >= 0.9 && values.length >= 20 && isCapital && !isCity && !isFirm)
        return { kind, share: form, alone: 0.45, support: 0.8, isNeeded: false, says: `may be${says.slice(3)}` };
      return { kind, share: form, alone: 0, support: hits > 0.1 ? 0.6 : 0.3, isNeeded: true, says: "are words of letters" };
    },
  });
  return [
    listed("firstName", isFirst, "are first names", 0.75),
    listed("lastName", isLast, "are family names", 0.58),
    listed("fullName", isFull, "are first names with family names", 0.85),
  ];
}
