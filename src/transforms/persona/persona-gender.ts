import type { Column } from "../../contracts.ts";

export type Gender = "female" | "male";

/** Words for female, male and neither that columns use together. 1 and 2 are ISO/IEC 5218, where 0 is not known and 9 not applicable. */
const CODINGS: readonly { readonly female: string; readonly male: string; readonly others: readonly string[] }[] = [
  { female: "f", male: "m", others: ["x", "o", "u", "d", "n", "nb"] },
  { female: "w", male: "m", others: ["d"] },
  { female: "f", male: "h", others: [] },
  { female: "k", male: "m", others: [] },
  { female: "v", male: "m", others: [] },
  {
    female: "female",
    male: "male",
    others: ["other", "unknown", "diverse", "non-binary", "nonbinary", "undisclosed", "prefer not to say", "not specified"],
  },
  { female: "woman", male: "man", others: [] },
  { female: "weiblich", male: "männlich", others: ["divers"] },
  { female: "femme", male: "homme", others: [] },
  { female: "mujer", male: "hombre", others: [] },
  { female: "2", male: "1", others: ["0", "9"] },
];

/** Writes a gender as the column's value writes one. Undefined where nobody knows what the value says. */
export type WriteGender = (gender: Gender, original: string) => string | undefined;

/** `coding` is the column's own pair, male first; without it the labels of an enum tell, else each value by itself. */
export function genderWriter(coding: readonly string[] | undefined, { labels, isPadded }: Column): WriteGender {
  const [male, female] = coding ?? [];
  if (male !== undefined && female !== undefined) return (gender) => (gender === "male" ? male : female);
  const known = CODINGS.find((one) => labels !== null && hasLabel(labels, one.female) && hasLabel(labels, one.male));
  if (labels !== null) {
    if (known === undefined) return () => undefined;
    return (gender) => labels.find((label) => label.toLowerCase() === known[gender]);
  }
  return (gender, original) => {
    const text = isPadded ? original.trimEnd() : original;
    const plain = text.toLowerCase();
    const found = CODINGS.find((one) => one.female === plain || one.male === plain || one.others.includes(plain));
    return found && casedLike(found[gender], text);
  };
}

function hasLabel(labels: readonly string[], word: string): boolean {
  return labels.some((label) => label.toLowerCase() === word);
}

/** `FEMALE` for `MALE`, `Female` for `Male`. */
function casedLike(word: string, original: string): string {
  if (original === original.toLowerCase()) return word;
  if (original === original.toUpperCase()) return word.toUpperCase();
  return word[0]!.toUpperCase() + word.slice(1);
}
