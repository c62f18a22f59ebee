/** The first bytes of a stream, and the whole stream. */
export async function peekBytes(
  chunks: AsyncIterable<Uint8Array>,
  length: number,
): Promise<[Uint8Array, AsyncIterable<Uint8Array>]> {
  const iterator = chunks[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  let total = 0;
  while (total < length) {
    const { done, value } = await iterator.next();
    if (done) break;
    seen.push(Buffer.from(value));
    total += value.length;
  }
  return [Buffer.concat(seen).subarray(0, length), behind(seen, iterator)];
}

/** A stream for two readers: the first may stop where it likes, and the second has all of it, what the first took kept in memory until then. */
export function forTwoReaders(chunks: AsyncIterable<Uint8Array>): [AsyncIterable<Uint8Array>, AsyncIterable<Uint8Array>] {
  const iterator = chunks[Symbol.asyncIterator]();
  const seen: Uint8Array[] = [];
  async function* first(): AsyncGenerator<Uint8Array> {
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
      const kept = Buffer.from(next.value);
      seen.push(kept);
      yield kept;
    }
  }
  return [first(), behind(seen, iterator)];
}

async function* behind(seen: readonly Uint8Array[], rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* seen;
    for (let next = await rest.next(); next.done !== true; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
