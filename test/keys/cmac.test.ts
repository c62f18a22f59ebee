import { createCipheriv } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { cmac } from "../../src/keys/cmac.ts";
import { createColumnPrf } from "../../src/keys/column-prf.ts";
import { wtf8Of } from "../../src/keys/wtf8.ts";
import nist from "../vectors/cmac-nist.json" with { type: "json" };

const key = Buffer.from("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", "hex");

/** CMAC written down a second time, by number arithmetic and one AES-CBC call over the whole message. */
function independentCmac(secret: Uint8Array, message: Uint8Array): string {
  const cbc = (blocks: Buffer) => createCipheriv("aes-256-cbc", secret, Buffer.alloc(16)).setAutoPadding(false).update(blocks);
  const bigOf = (bytes: Buffer) => BigInt(`0x${bytes.toString("hex")}`);
  const doubled = (value: bigint) => ((value << 1n) & ((1n << 128n) - 1n)) ^ (value >> 127n ? 0x87n : 0n);
  const k1 = doubled(bigOf(cbc(Buffer.alloc(16))));
  const fills = message.length > 0 && message.length % 16 === 0;
  const padding = fills ? Buffer.alloc(0) : Buffer.concat([Buffer.of(0x80), Buffer.alloc(15 - (message.length % 16))]);
  const blocks = Buffer.concat([message, padding]);
  const last = bigOf(blocks.subarray(-16)) ^ (fills ? k1 : doubled(k1));
  return cbc(Buffer.concat([blocks.subarray(0, -16), Buffer.from(last.toString(16).padStart(32, "0"), "hex")]))
    .subarray(-16)
    .toString("hex");
}

/** The words of one row as the MAC that they are. */
function macOf(words: Uint32Array, row: number): string {
  const bytes = Buffer.alloc(16);
  for (let index = 0; index < 4; index++) bytes.writeUInt32LE(words[row * 4 + index]!, index * 4);
  return bytes.toString("hex");
}

const anyText = fc.string({ unit: fc.integer({ min: 0, max: 0xffff }).map((unit) => String.fromCharCode(unit)), maxLength: 60 });
const values = fc.array(fc.option(fc.oneof(anyText, fc.string({ maxLength: 400 })), { nil: null }), { maxLength: 40 });

describe("cmac", () => {
  it.each(nist.vectors)("gives the MAC of NIST SP 800-38B: $mac", ({ key: secret, message, mac }) => {
    expect(cmac(Buffer.from(secret, "hex"), Buffer.from(message, "hex")).toString("hex")).toBe(mac);
  });

  it("agrees with a CMAC made another way", () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), fc.uint8Array({ maxLength: 100 }), (secret, message) => {
        expect(cmac(secret, message).toString("hex")).toBe(independentCmac(secret, message));
      }),
    );
  });

  it("refuses a key of another length without quoting it", () => {
    expect(() => cmac(Buffer.from("canary-key"), Buffer.alloc(0))).toThrow(expect.objectContaining({ code: "KEY_INVALID" }));
    expect(() => cmac(Buffer.from("canary-key"), Buffer.alloc(0))).not.toThrow(/canary/);
  });
});

describe("createColumnPrf", () => {
  it("gives every value of a column its CMAC, whatever stands beside it", () => {
    const prf = createColumnPrf(key);
    fc.assert(
      fc.property(values, (column) => {
        const words = prf.words(column);
        expect(words.length).toBe(column.length * 4);
        for (const [row, value] of column.entries()) {
          if (value !== null) expect(macOf(words, row)).toBe(independentCmac(key, wtf8Of(value)));
        }
      }),
    );
  });

  it("gives a column the words that its values get one by one", () => {
    const prf = createColumnPrf(key);
    fc.assert(
      fc.property(values, (column) => {
        const together = Uint32Array.from(prf.words(column));
        for (const [row, value] of column.entries()) {
          if (value !== null) expect(Array.from(prf.words([value]))).toEqual(Array.from(together.subarray(row * 4, row * 4 + 4)));
        }
      }),
    );
  });

  it.each([0, 1, 15, 16, 17, 31, 32, 33, 127, 128, 129, 144, 145, 70_000, 150_000])("takes a text of %i bytes", (length) => {
    const column = ["a", "x".repeat(length), null, "é".repeat(length >> 1)];
    const words = createColumnPrf(key).words(column);
    expect(macOf(words, 1)).toBe(independentCmac(key, Buffer.from(column[1]!)));
    expect(macOf(words, 3)).toBe(independentCmac(key, Buffer.from(column[3]!)));
  });

  it("reuses its buffers over growing and shrinking columns", () => {
    const prf = createColumnPrf(key);
    for (const count of [1, 1_000, 3, 5_000, 0, 2]) {
      const column = Array.from({ length: count }, (_, row) => `${row}`.repeat(1 + (row % 40)));
      const words = prf.words(column);
      for (const row of [0, count >> 1, count - 1]) {
        if (row >= 0 && row < count) expect(macOf(words, row)).toBe(independentCmac(key, Buffer.from(column[row]!)));
      }
    }
  });

  it("forgets the room of a huge value, and nothing else", () => {
    const prf = createColumnPrf(key);
    const huge = "\ud800é".repeat(1_000_000);
    expect(macOf(prf.words(["a", huge, "b"]), 1)).toBe(independentCmac(key, wtf8Of(huge)));
    expect(macOf(prf.words(["a", "b"]), 1)).toBe(independentCmac(key, Buffer.from("b")));
  });

  it("keeps lone surrogates apart from each other and from U+FFFD", () => {
    const words = createColumnPrf(key).words(["\ud800", "\ud801", "\ufffd", "\udc00", "\udc00\ud800", "\ud800\udc00"]);
    expect(new Set([0, 1, 2, 3, 4, 5].map((row) => macOf(words, row))).size).toBe(6);
  });

  it("gives other words under another key", () => {
    const other = Uint8Array.from(key, (byte) => byte ^ 1);
    expect(macOf(createColumnPrf(key).words(["a"]), 0)).not.toBe(macOf(createColumnPrf(other).words(["a"]), 0));
  });

  it("does not follow changes of the caller's key array", () => {
    const own = Uint8Array.from(key);
    const prf = createColumnPrf(own);
    own.fill(0);
    expect(macOf(prf.words(["y".repeat(1_000)]), 0)).toBe(independentCmac(key, Buffer.from("y".repeat(1_000))));
  });
});

describe("wtf8Of", () => {
  it("is UTF-8 for every well-formed text", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        fc.pre(Buffer.from(text, "utf8").toString("utf8") === text);
        expect(Buffer.from(wtf8Of(text)).equals(Buffer.from(text, "utf8"))).toBe(true);
      }),
    );
  });

  it("gives two texts two encodings", () => {
    fc.assert(
      fc.property(anyText, anyText, (a, b) => {
        expect(Buffer.from(wtf8Of(a)).equals(wtf8Of(b))).toBe(a === b);
      }),
    );
  });
});
