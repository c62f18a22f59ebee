import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createCryptoPan } from "../../src/keys/crypto-pan.ts";
import { parseIp, writeIp } from "../../src/transforms/network/ip-text.ts";
import { describeWithData, sharedData } from "../shared-data.ts";

/** Through the very function that `encryptIp` uses, with a raw key of the authors' form. */
function encryptAll(key: string, texts: readonly string[]): string[] {
  const pan = createCryptoPan(Buffer.from(key, "hex"));
  return texts.map((text) => {
    const parsed = parseIp(text)!;
    const encrypted = pan.encrypt(Uint32Array.from(parsed.words), parsed.size, new Uint8Array(1));
    return writeIp(parsed, [...encrypted]);
  });
}

interface Vector {
  readonly key: string;
  readonly in: string;
  readonly out: string;
}

describeWithData("Crypto-PAn beside others", "ip/cryptopan-vectors.json", () => {
  const readVectors = () =>
    (JSON.parse(readFileSync(sharedData("ip", "cryptopan-vectors.json"), "utf8")) as { vectors: Vector[] }).vectors;

  it("gives what other implementations give: 82 pairs of IPv4 and IPv6", () => {
    const vectors = readVectors();
    expect(vectors).toHaveLength(82);
    for (const { key, in: address, out } of vectors) expect(encryptAll(key, [address])).toEqual([out]);
  });

  it("gives what the authors' own implementation gives: 100 pairs of a trace", () => {
    const column = (file: string) =>
      readFileSync(sharedData("ip", file), "utf8")
        .trim()
        .split("\n")
        .map((line) => line.split("\t")[2]!);
    const raw = column("sample_trace_raw.dat");
    expect(raw).toHaveLength(100);
    expect(encryptAll(readVectors()[0]!.key, raw)).toEqual(column("sample_trace_sanitized.dat"));
  });
});

describe("Crypto-PAn", () => {
  it("keeps exactly the bits that two addresses share, of IPv4 and of IPv6, side by side", () => {
    const pan = createCryptoPan(new Uint8Array(32).fill(7));
    const common = (one: Uint32Array, other: Uint32Array) => {
      const bits = (words: Uint32Array) => [...words].map((word) => word.toString(2).padStart(32, "0")).join("");
      const [first, second] = [bits(one), bits(other)];
      let length = 0;
      while (length < first.length && first[length] === second[length]) length++;
      return length;
    };
    const word = fc.integer({ min: 0, max: 0xffffffff });
    for (const size of [1, 4] as const) {
      const address = fc.array(word, { minLength: size, maxLength: size });
      fc.assert(
        fc.property(address, fc.integer({ min: 0, max: size * 32 - 1 }), address, (words, shared, noise) => {
          const one = Uint32Array.from(words);
          const other = one.map((value, index) => {
            const bits = Math.min(Math.max(shared - index * 32, 0), 32);
            return bits === 32 ? value : value ^ (noise[index]! >>> bits);
          });
          const both = pan.encrypt(Uint32Array.from([...one, ...other]), size, new Uint8Array(2));
          expect(common(both.subarray(0, size), both.subarray(size))).toBe(common(one, other));
          expect(pan.decrypt(both, size, new Uint8Array(2))).toEqual(Uint32Array.from([...one, ...other]));
        }),
        { numRuns: 200 },
      );
    }
  });

  it("refuses a key of another length", () => {
    expect(() => createCryptoPan(new Uint8Array(16))).toThrow(/32 bytes/);
  });
});
