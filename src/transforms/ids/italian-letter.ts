/** What a character counts at an odd place (the first is 1); at an even one it counts its place in the alphabet. */
const ODD = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

/** The check letter of Italy's tax codes and accounts. */
export function italianLetter(text: string): string {
  let sum = 0;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    const place = code < 58 ? code - 48 : code - 65;
    sum += index % 2 === 0 ? ODD[place]! : place;
  }
  return String.fromCharCode(65 + (sum % 26));
}
