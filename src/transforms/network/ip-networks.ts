import type { IpText } from "./ip-text.ts";

/** Whether an address is that of a network: it has a prefix, and no bit behind it. */
export function isNetwork({ words, prefix, size }: IpText): boolean {
  return prefix !== null && prefix < size * 32 && hasNoHost(words, prefix);
}

export function hasNoHost(words: ArrayLike<number>, prefix: number): boolean {
  for (let index = 0; index < words.length; index++) if ((words[index]! & ~maskOf(index, prefix)) !== 0) return false;
  return true;
}

export function clearHost(words: Uint32Array, prefix: number): void {
  for (let index = 0; index < words.length; index++) words[index]! &= maskOf(index, prefix);
}

/** The bits of a word that belong to a prefix. */
export function maskOf(word: number, prefix: number): number {
  const bits = prefix - word * 32;
  if (bits <= 0) return 0;
  return bits >= 32 ? -1 : -1 << (32 - bits);
}
