/** Points at which a random fault strikes, per fault: one in the usual tests, twenty where asked for (npm run test:faults). */
export const SEEDS: readonly number[] = Array.from({ length: Number(process.env.FAULT_SEEDS ?? 1) }, (_, index) => index + 1);

/** True where everything is shown, also what takes long: npm run test:faults, npm run test:deep. */
export const IS_THOROUGH = process.env.FAULT_SEEDS !== undefined || process.env.DEEP_EXAM !== undefined;

/** A number from 0 to 1 that is the same for a name and a seed in every run: a point that failed can be gone to again. */
export function drawn(name: string, seed: number): number {
  let hash = 2166136261 ^ seed;
  for (const character of `${name} ${seed}`) hash = Math.imul(hash ^ character.codePointAt(0)!, 16777619);
  hash = Math.imul(hash ^ (hash >>> 15), 2246822507);
  return ((hash ^ (hash >>> 13)) >>> 0) / 2 ** 32;
}

/** A whole number from 1 to `most`, as often of each length: early points are as likely as late ones. */
export function drawnPoint(name: string, seed: number, most: number): number {
  return Math.min(most, Math.ceil(most ** drawn(name, seed)));
}
