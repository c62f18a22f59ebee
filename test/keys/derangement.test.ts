import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { createDerangement, inverseOf } from "../../src/keys/derangement.ts";

const key = Buffer.from("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4", "hex");

describe("createDerangement", () => {
  it("is one cycle through all of its values", () => {
    const table = createDerangement(key, 10_007);
    let steps = 0;
    let index = 0;
    do {
      index = table[index]!;
      steps++;
    } while (index !== 0 && steps <= table.length);
    expect(steps).toBe(10_007);
  });

  it("keeps its largest table, in which 47 draws are thrown away", () => {
    // Computed with Python over the key stream of the openssl command.
    const table = createDerangement(key, 999_999);
    const bytes = Buffer.alloc(table.length * 4);
    for (let index = 0; index < table.length; index++) bytes.writeUInt32LE(table[index]!, index * 4);
    expect(createHash("sha256").update(bytes).digest("hex")).toBe(
      "301f5aa4166626db09074f57ad7863496dde8cccfff1a647c5be3199dc136afe",
    );
  });

  it("is undone by its inverse", () => {
    const table = createDerangement(key, 1_000);
    expect(inverseOf(table).every((from, to) => table[from] === to)).toBe(true);
  });
});
