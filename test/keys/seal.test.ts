import { describe, expect, it } from "vitest";
import { MaskingKey, parseMaskingKey } from "../../src/keys/masking-key.ts";
import { Seal } from "../../src/keys/seal.ts";
import { TEST_KEY } from "../test-key.ts";

const key = new MaskingKey(parseMaskingKey(TEST_KEY));
const other = new MaskingKey(parseMaskingKey(TEST_KEY.replace(/^../, "c4")));
const bytes = Buffer.from("a bound of a key");

describe("a seal", () => {
  it("gives back what it closed, and never closes it alike", () => {
    const seal = new Seal(key, "run");
    const [one, two] = [seal.close(bytes), seal.close(bytes)];
    expect(Buffer.from(seal.open(one))).toEqual(bytes);
    expect(one).not.toBe(two);
    expect(Buffer.from(one, "base64url").includes(bytes)).toBe(false);
    expect(seal.open(seal.close(new Uint8Array(0)))).toHaveLength(0);
  });

  it("does not open for another key or run, nor where a bit was changed or the end is missing", () => {
    const closed = new Seal(key, "run").close(bytes);
    const changed = Buffer.from(closed, "base64url");
    changed[14]! ^= 1;
    const refused = expect.objectContaining({ code: "RESUME_REFUSED" });
    expect(() => new Seal(other, "run").open(closed)).toThrow(refused);
    expect(() => new Seal(key, "another").open(closed)).toThrow(refused);
    expect(() => new Seal(key, "run").open(changed.toString("base64url"))).toThrow(refused);
    expect(() => new Seal(key, "run").open(closed.slice(0, -4))).toThrow(refused);
    expect(() => new Seal(key, "run").open("")).toThrow(refused);
  });
});
