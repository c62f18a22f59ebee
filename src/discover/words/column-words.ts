/** The words of a name, in any script: lower case, without accents, split where case, digits and signs change. `billingZipCode2` has four. */
export function wordsOf(name: string): readonly string[] {
  return plain(name.slice(0, MAX_NAME))
    .replace(/([a-z\d])([A-Z])/g, "$1 $2")
    .replace(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .toLowerCase()
    .replace(/([a-z])(\d)/g, "$1 $2")
    .replace(/(\d)([a-z])/g, "$1 $2")
    .split(/[^\p{L}\d]+/u)
    .filter((word) => word !== "");
}

/** Longer names than any server takes. */
const MAX_NAME = 256;

/** Letters that no decomposition makes plain. */
const ODD_LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  ł: "l",
  Ł: "L",
  ø: "o",
  Ø: "O",
  æ: "ae",
  Æ: "Ae",
  đ: "d",
  Đ: "D",
  ı: "i",
};

function plain(text: string): string {
  return text
    .normalize("NFD")
    .replace(/\p{M}+/gu, "")
    .replace(/[ßłŁøØæÆđĐı]/g, (letter) => ODD_LETTERS[letter]!);
}

/** The fewest known words that a word written in one piece consists of: `customeremail` is two. Itself where it is not all known words. */
export function splitWord(word: string, isKnown: (part: string) => boolean): readonly string[] {
  if (word.length < 6 || word.length > 48 || isKnown(word)) return [word];
  const best: (readonly string[] | null)[] = [[]];
  for (let end = 1; end <= word.length; end++) {
    best[end] = null;
    for (let start = 0; start < end; start++) {
      const before = best[start];
      const part = word.slice(start, end);
      if (before == null || !isPart(part, end === word.length, isKnown)) continue;
      if (best[end] == null || before.length + 1 < best[end]!.length) best[end] = [...before, part];
    }
  }
  return best[word.length] ?? [word];
}

/** Two letters are a word of a longer one at its end alone: `kundennr`. */
function isPart(part: string, isLast: boolean, isKnown: (part: string) => boolean): boolean {
  if (part.length < 3) return isLast && /^(id|no|nr)$/.test(part);
  return isKnown(part);
}

/** What people leave out of words, and what they leave it out of. */
const SHORT_FOR: Readonly<Record<string, string>> = {
  nbr: "number",
  num: "number",
  nr: "number",
  no: "number",
  nm: "name",
  dt: "date",
  addr: "address",
  acct: "account",
  acc: "account",
  kto: "konto",
  tok: "token",
  comp: "compensation",
  ac: "account",
  lic: "license",
  licence: "license",
  cd: "code",
  cde: "code",
  fst: "first",
  frst: "first",
  lst: "last",
  gndr: "gender",
  brth: "birth",
  bth: "birth",
  strt: "street",
  cntct: "contact",
  cntry: "country",
  pst: "post",
  pp: "passport",
  mobl: "mobile",
  relig: "religion",
  ethn: "ethnicity",
  marit: "marital",
  stat: "status",
  yr: "year",
  grp: "group",
  ph: "phone",
  perm: "permanent",
  curr: "current",
  pwd: "password",
  pass: "password",
};

/** The word that an abbreviation stands for: `nbr` is `number`. */
export function inFull(word: string): string {
  return Object.hasOwn(SHORT_FOR, word) ? SHORT_FOR[word]! : word;
}
