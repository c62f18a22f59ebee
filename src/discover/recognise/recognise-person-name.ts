import type { NameLists } from "../words/name-lists.ts";
import { type Recogniser, shareOf } from "./recogniser.ts";

const TITLE = /^(?:mr|mrs|ms|miss|dr|prof|sir|herr|frau|hr|fr|mme|mlle|sr|sra|srta|sig|dott|pan|pani|dhr|mevr)\.?\s+/i;

/** As airlines write passengers: `SMITH/ANNA MRS`. */
const OF_PASSENGER = /^([\p{L} '-]{2,40})\/([\p{L}-]{2,40}?)(?: [\p{L} -]{1,40}?)?(?: ?(?:MR|MRS|MS|MISS|MSTR|DR|CHD|INF))?$/iu;

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
  const isNameOfBoth = (value: string) => {
    const words = parts(value);
    return words.length >= 2 && words.length <= 3 && isFull(value) && words.some((word) => first.has(word)) && isLast(value);
  };
  /** How many are a family name only, or a first name only: many are both. */
  const leaning = (values: readonly string[]) => {
    const [ofFirst, ofLast] = [
      shareOf(values, (value) => isFirst(value) && !isLast(value)),
      shareOf(values, (value) => isLast(value) && !isFirst(value)),
    ];
    return { firstName: ofFirst > ofLast, lastName: ofLast > ofFirst, fullName: false };
  };
  /** A list holds a part of all names: two of five in it are as many as a column of real names has. */
  const listed = (
    kind: "firstName" | "lastName" | "fullName",
    test: (value: string) => boolean,
    says: string,
    alone: number,
  ): Recogniser => ({
    kind,
    measure: (written) => {
      const values = written.map((value) => (value.length <= 80 ? value.replace(OF_PASSENGER, "$2 $1") : value));
      const hits = shareOf(values, test);
      const form = shareOf(values, hasFormOfName);
      const share = Math.min(1, hits * 2) * form;
      const isCity = shareOf(values, (value) => cities.has(value.toLowerCase())) > hits / 2;
      const isCapital = shareOf(values, (value) => !/^\p{Ll}/u.test(value)) >= 0.7;
      const isFirm = shareOf(values, (value) => FIRM.test(value)) >= 0.15;
      const isLikely = isCapital && !isCity && !isFirm;
      const { firstName: isMoreFirst, lastName: isMoreLast } = leaning(values);
      const isOtherHalf = kind === "firstName" ? isMoreLast : kind === "lastName" && isMoreFirst;
      // Five words of a short list may be names by chance.
      if (hits >= 0.35 && form >= 0.8 && values.length >= 5 && isLikely) {
        const sure = isOtherHalf ? Math.min(alone, 0.5) : alone;
        return {
          kind,
          share,
          alone: values.length >= 10 ? sure : sure * 0.65,
          support: isOtherHalf ? 0.7 : 0.85,
          isNeeded: false,
          says,
          isOfWords: true,
        };
      }
      if (hits >= 0.2 && form >= 0.9 && values.length >= 20 && isLikely)
        return { kind, share: form, alone: 0.45, support: 0.8, isNeeded: false, says: `may be${says.slice(3)}`, isOfWords: true };
      // Few people, as in a list of them to choose from: each with both names, or it could be chance.
      if (kind === "fullName" && values.length < 5 && isLikely && values.length > 0 && values.every(isNameOfBoth))
        return { kind, share: 1, alone: 0.72, support: 0.8, isNeeded: false, says, isOfWords: true };
      const mixed = kind === "fullName" && values.length >= ENOUGH_OF_MANY ? shareOf(values, isNameOfBoth) : 0;
      if (mixed >= 0.1 && !isFirm)
        return { kind, share: mixed, alone: 0.7, support: 0.6, isNeeded: false, least: 0.1, says, isOfWords: true };
      // Words of Latin letters of which a list of twenty thousand names knows none are hardly names.
      const isForeign = shareOf(values, (value) => /[^\p{Script=Latin}\P{L}]/u.test(value)) > 0.5;
      const isUnheard = hits < 0.03 && values.length >= 10 && !isForeign;
      const support = hits > 0.1 ? 0.6 : isUnheard ? 0.1 : 0.3;
      return { kind, share: form, alone: 0, support, isNeeded: true, says: "are words of letters" };
    },
  });
  return [
    listed("firstName", isFirst, "are first names", 0.75),
    listed("lastName", isLast, "are family names", 0.58),
    listed("fullName", isFull, "are first names with family names", 0.85),
  ];
}

/** Names among other things are told from chance in so many values. */
const ENOUGH_OF_MANY = 20;
