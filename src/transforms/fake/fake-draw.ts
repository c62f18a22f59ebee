import { type Prng, scale32 } from "../../keys/prng.ts";

/** Draws one text by keyed bits. Made once per column, called per value. */
export type Draw = (random: Prng) => string;

/** One of a list, each as likely as the other. */
export function oneOf(list: readonly string[]): Draw {
  const count = list.length;
  if (count === 1) return constantly(list[0]!);
  return (random) => list[scale32(random.nextUint32(), count)]!;
}

/** One of several draws, by weight. Weights are small integers: the table has an entry for each unit. */
export function oneDrawOf(draws: readonly Draw[], weights: readonly number[] = draws.map(() => 1)): Draw {
  const table = draws.flatMap((draw, index) => new Array<Draw>(weights[index]!).fill(draw));
  const count = table.length;
  if (draws.length === 1) return draws[0]!;
  return (random) => table[scale32(random.nextUint32(), count)]!(random);
}

/** Fixed text with draws between: `literals` has one entry more than `draws`. */
export function joined(literals: readonly string[], draws: readonly Draw[]): Draw {
  const [first, second] = draws;
  const [before, between, after] = literals as readonly [string, string, string];
  if (first === undefined) return constantly(before);
  if (second === undefined) {
    if (before === "" && between === "") return first;
    return (random) => before + first(random) + between;
  }
  if (draws.length === 2) return (random) => before + first(random) + between + second(random) + after;
  return (random) => {
    let text = before;
    for (let index = 0; index < draws.length; index++) text += draws[index]!(random) + literals[index + 1]!;
    return text;
  };
}

/** Odd constants that make the seeds of the samples as mixed as keyed words are. */
const SPREADING = [0x9e3779b1, 0x85ebca77, 0xc2b2ae3d, 0x27d4eb2f] as const;

/** Seeds for a draw that belongs to no value: a sample of what comes out, the same under every key. */
export function seedSample(random: Prng, number: number): void {
  const [first, second, third, fourth] = SPREADING;
  random.seed(Math.imul(number, first), Math.imul(number, second), Math.imul(number, third), Math.imul(number, fourth));
}

function constantly(text: string): Draw {
  return () => text;
}
