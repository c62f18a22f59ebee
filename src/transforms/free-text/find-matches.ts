/** Tells where things of one kind begin and end. */
export type FindKind = (text: string, say: (start: number, end: number) => void) => void;

/** Says each match of a form that is valid. */
export function findMatches(
  text: string,
  form: RegExp,
  say: (start: number, end: number) => void,
  isValid: ((found: string) => boolean) | null = null,
): void {
  for (const { 0: found, index } of text.matchAll(form)) if (isValid === null || isValid(found)) say(index, index + found.length);
}
