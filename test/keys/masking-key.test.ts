import { randomBytes } from "node:crypto";
import { inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { hkdf } from "../../src/keys/hkdf.ts";
import { generateMaskingKey, MaskingKey, parseMaskingKey, resolveMaskingKey } from "../../src/keys/masking-key.ts";
import { sharedVectors } from "./shared-vectors.ts";

const bytes = Buffer.from("9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", "hex");
const printed = `standin_key_${bytes.toString("base64url")}`;

describe("parseMaskingKey", () => {
  it.each([
    ["as it is printed", printed],
    ["as hex", bytes.toString("hex")],
    ["as upper-case hex", bytes.toString("hex").toUpperCase()],
    ["as base64", bytes.toString("base64")],
    ["as base64 without padding", bytes.toString("base64").replace("=", "")],
    ["as base64url", bytes.toString("base64url")],
    ["with the end of a line", `${printed}\n`],
    ["with the end of a line of Windows", `${printed}\r\n`],
    ["with a BOM", `\uFEFF${printed}`],
    ["as bytes", Uint8Array.from(bytes)],
    ["as a key file's bytes", Buffer.from(`${printed}\n`)],
  ])("reads a key %s", (_, input) => {
    expect(Buffer.from(parseMaskingKey(input)).equals(bytes)).toBe(true);
  });

  it("reads what generateMaskingKey prints, a new key each time", () => {
    const keys = Array.from({ length: 200 }, generateMaskingKey);
    for (const key of keys) expect(parseMaskingKey(key)).toHaveLength(32);
    expect(new Set(keys).size).toBe(200);
  });

  it.each([
    ["31 bytes", bytes.subarray(1)],
    ["33 bytes", Buffer.concat([bytes, bytes.subarray(0, 1)])],
    ["31 bytes of hex", bytes.subarray(1).toString("hex")],
    ["half a character more", `${printed}A`],
    ["a character less", printed.slice(0, -1)],
    ["a line break within", `${printed.slice(0, 20)}\n${printed.slice(20)}`],
    ["two line breaks after", `${printed}\n\n`],
    ["a password", "correct horse battery staple"],
    ["a last character with bits to spare", `${bytes.toString("base64url").slice(0, -1)}B`],
    ["zeros", new Uint8Array(32)],
    ["one byte repeated", Buffer.alloc(32, 0xa7)],
    ["few bytes", Buffer.from("deadbeef".repeat(8), "hex")],
    ["a half repeated", Buffer.concat([bytes.subarray(0, 16), bytes.subarray(0, 16)])],
    ["counting", Uint8Array.from({ length: 32 }, (_, index) => index)],
    ["counting by seven", Uint8Array.from({ length: 32 }, (_, index) => index * 7 + 3)],
    ["a sentence of 32 characters", Buffer.from("my dog Rex jumped over 13 fences")],
    ["no text at all", 90_210_555_042 as unknown as string],
    ["nothing", new Uint8Array(0)],
  ])("refuses %s without quoting it", (_, input) => {
    let thrown: unknown;
    try {
      parseMaskingKey(input);
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ code: "KEY_INVALID", hint: expect.stringContaining("keygen") });
    expect(inspect(thrown, { showHidden: true, depth: 9 })).not.toContain(String(input).slice(0, 12) || "never");
  });

  it("takes random keys without a false alarm", () => {
    for (let round = 0; round < 5_000; round++) parseMaskingKey(randomBytes(32));
  });
});

describe("resolveMaskingKey", () => {
  const fingerprint = new MaskingKey(bytes).fingerprint;

  it.each([
    ["text", printed],
    ["bytes", bytes],
    ["a function", () => printed],
    ["a function that takes its time", async () => bytes],
  ])("takes the key as %s", async (_, provider) => {
    expect((await resolveMaskingKey(provider, {})).fingerprint).toBe(fingerprint);
  });

  it("takes STANDIN_KEY where the caller gave no key, and only there", async () => {
    const other = generateMaskingKey();
    expect((await resolveMaskingKey(undefined, { STANDIN_KEY: printed })).fingerprint).toBe(fingerprint);
    expect((await resolveMaskingKey(printed, { STANDIN_KEY: other })).fingerprint).toBe(fingerprint);
  });

  it.each([
    ["nothing is set", undefined, {}],
    ["the variable is empty", undefined, { STANDIN_KEY: "" }],
    ["the function gives nothing", (() => undefined) as unknown as () => string, { STANDIN_KEY: printed }],
    ["the given key is empty", "", { STANDIN_KEY: printed }],
  ])("refuses when %s, and says how to make a key", async (_, provider, environment) => {
    await expect(resolveMaskingKey(provider, environment)).rejects.toMatchObject({
      code: "KEY_REQUIRED",
      hint: expect.stringContaining("standin keygen"),
    });
  });

  it.each([
    () => {
      throw new Error("canary");
    },
    () => Promise.reject(new Error("canary")),
  ])("hides what a provider throws", async (provider) => {
    const error = await resolveMaskingKey(provider, {}).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: "KEY_REQUIRED" });
    expect(inspect(error, { showHidden: true })).not.toContain("canary");
  });
});

describe("MaskingKey", () => {
  const key = new MaskingKey(bytes);

  it("gives a key for each purpose in each domain, the same each time", () => {
    const hex = (purpose: string, domain: string) => Buffer.from(key.derive(purpose, domain)).toString("hex");
    expect(hex("prf", "email")).toBe(hex("prf", "email"));
    expect(key.derive("prf", "email")).toHaveLength(32);
    const parts = [
      ["a", "bc"],
      ["ab", "c"],
      ["abc", ""],
      ["", "abc"],
      ["bc", "a"],
    ] as const;
    expect(new Set(parts.map(([purpose, domain]) => hex(purpose, domain))).size).toBe(parts.length);
    expect(Buffer.from(new MaskingKey(randomBytes(32)).derive("prf", "email")).toString("hex")).not.toBe(hex("prf", "email"));
  });

  it("derives what HKDF gives elsewhere: a mapping is public API", () => {
    // Computed with Python's hmac and struct from the definition in the doc comment.
    expect(Buffer.from(key.derive("prf", "email")).toString("hex")).toBe(
      "554dc3eafe3a13b8c434284064285702075326a8b122204f591e933aa441b3c3",
    );
    expect(key.fingerprint).toBe("f104562c");
  });

  it("shows its bytes to nobody who prints, serializes, lists or clones it", () => {
    const forms = [
      inspect(key, { showHidden: true, depth: 9, showProxy: true }),
      JSON.stringify(key),
      JSON.stringify({ ...key }),
      String(key),
      inspect(structuredClone({ ...key }), { showHidden: true }),
      Reflect.ownKeys(key).join(),
    ].join("\n");
    expect(forms).not.toContain(bytes.toString("hex").slice(0, 8));
    expect(forms).not.toContain("9f 86");
    expect(forms).not.toContain("159, 134");
    expect(Reflect.ownKeys(key)).toEqual(["fingerprint"]);
  });

  it("does not follow changes of the caller's array", () => {
    const own = Uint8Array.from(bytes);
    const copy = new MaskingKey(own);
    own.fill(0);
    expect(copy.derive("a", "b")).toEqual(key.derive("a", "b"));
  });

  it("refuses a domain too long for HKDF and says what to do", () => {
    expect(() => key.derive("prf", "x".repeat(2_000))).toThrow(
      expect.objectContaining({ code: "OPTION_INVALID", hint: expect.stringContaining("shorter domain") }),
    );
  });
});

interface HkdfVectors {
  readonly testGroups: {
    tests: { tcId: number; ikm: string; salt: string; info: string; size: number; okm: string; result: string }[];
  }[];
}
const vectors = sharedVectors<HkdfVectors>("mac/hkdf_sha256_test.json");

describe.skipIf(vectors === null)("hkdf against Wycheproof", () => {
  const cases = (vectors?.testGroups ?? [])
    .flatMap(({ tests }) => tests)
    .filter(({ salt, size, result }) => salt === "" && size >= 32 && result === "valid");

  it("finds vectors without salt and of 32 bytes or more", () => expect(cases.length).toBeGreaterThan(10));

  it.each(cases)("meets vector $tcId", ({ ikm, info, okm }) => {
    const derived = hkdf(Buffer.from(ikm, "hex"), Buffer.from(info, "hex"));
    expect(Buffer.from(derived).toString("hex")).toBe(okm.slice(0, 64));
  });
});
