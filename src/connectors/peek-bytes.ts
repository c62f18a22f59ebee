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
  async function* all(): AsyncGenerator<Uint8Array> {
    try {
      yield* seen;
      for (;;) {
        const { done, value } = await iterator.next();
        if (done) return;
        yield value;
      }
    } finally {
      await iterator.return?.();
    }
  }
  return [Buffer.concat(seen).subarray(0, length), all()];
}
