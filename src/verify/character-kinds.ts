/** What a character is in a text that is looked through. Those of a word are above `EDGE`. */
export const BETWEEN = 0;
/** Belongs to a word where it stands within one, as the hyphen of `Jean-Luc`. */
export const EDGE = 1;
export const AT = 2;
export const LETTER = 3;
export const DIGIT = 4;

/** By ASCII code. A table, as the loops over every character of a copy ask it. */
export const KINDS: Uint8Array = Uint8Array.from({ length: 128 }, (_, code) => {
  const character = String.fromCharCode(code);
  if (/[0-9]/.test(character)) return DIGIT;
  if (/[a-z]/i.test(character)) return LETTER;
  if (character === "@") return AT;
  return "._+'%#~-".includes(character) ? EDGE : BETWEEN;
});
