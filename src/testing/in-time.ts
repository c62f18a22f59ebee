/** Tells a hang from an answer: rejects where `answer` has not settled after `milliseconds`. */
export async function inTime<Result>(answer: Promise<Result>, milliseconds: number, what: string): Promise<Result> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Hanging(`${what} hangs`)), milliseconds);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

export class Hanging extends Error {}
