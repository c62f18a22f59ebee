const TWO_32 = 4294967296;
const TWO_52 = 2 ** 52;

/** Two keyed words as a number of at least 0 and below 1, in steps of 2^-52. */
export function unitOf(high: number, low: number): number {
  return (high * 1048576 + (low >>> 12)) / TWO_52;
}

/** Chooses one of several things by a number of at least 0 and below 1, each as often as its weight says. */
export function createChooser(weights: readonly number[] | null, count: number): (unit: number) => number {
  if (weights === null) return (unit) => Math.floor(unit * count);
  const ends = new Float64Array(count);
  let sum = 0;
  for (let index = 0; index < count; index++) {
    sum += weights[index]!;
    ends[index] = sum;
  }
  return (unit) => {
    const wanted = unit * sum;
    let [low, high] = [0, count - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (ends[middle]! > wanted) high = middle;
      else low = middle + 1;
    }
    // Rounding may leave `wanted` at the very end, behind which only choices without weight may stand.
    while (low > 0 && weights[low] === 0) low--;
    return low;
  };
}

/** As many of `count` things as are asked for, in their order, by a stream of 32-bit words. */
export function chooseSome(count: number, wanted: number, nextWord: () => number): number[] {
  const chosen: number[] = [];
  for (let index = 0; index < count && chosen.length < wanted; index++) {
    const left = count - index;
    if ((nextWord() / TWO_32) * left < wanted - chosen.length) chosen.push(index);
  }
  return chosen;
}
