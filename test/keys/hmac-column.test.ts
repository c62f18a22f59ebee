import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { createHmacColumn, HMAC_BYTES } from "../../src/keys/hmac-column.ts";
import { describeWithData, sharedData } from "../shared-data.ts";

const repeated = (byte: number, count: number) => Buffer.alloc(count, byte);

/** RFC 4231 §4, test cases 1 to 4, 6 and 7 (5 is cut to 128 bits). */
const RFC_4231 = [
  [repeated(0x0b, 20), Buffer.from("Hi There"), "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"],
  [
    Buffer.from("Jefe"),
    Buffer.from("what do ya want for nothing?"),
    "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
  ],
  [repeated(0xaa, 20), repeated(0xdd, 50), "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"],
  [
    Buffer.from(Array.from({ length: 25 }, (_, index) => index + 1)),
    repeated(0xcd, 50),
    "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b",
  ],
  [
    repeated(0xaa, 131),
    Buffer.from("Test Using Larger Than Block-Size Key - Hash Key First"),
    "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
  ],
  [
    repeated(0xaa, 131),
    Buffer.from(
      "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
    ),
    "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
  ],
] as const;

describe("createHmacColumn", () => {
  it("gives the MACs of RFC 4231", () => {
    for (const [key, message, mac] of RFC_4231) expect(createHmacColumn(key).mac(message).toString("hex")).toBe(mac);
  });

  it("gives for a column what it gives for each value", () => {
    const hmac = createHmacColumn(repeated(7, 32));
    const values = ["", "Jane", null, "Ωμέγα", "🙂", "x".repeat(5000)];
    const macs = hmac.macs(values);
    for (const [row, value] of values.entries()) {
      if (value === null) continue;
      const own = macs.subarray(row * HMAC_BYTES, (row + 1) * HMAC_BYTES);
      expect(own.toString("hex")).toBe(hmac.mac(Buffer.from(value)).toString("hex"));
    }
  });
});

interface Wycheproof {
  readonly testGroups: readonly {
    readonly tagSize: number;
    readonly tests: readonly { readonly key: string; readonly msg: string; readonly tag: string; readonly result: string }[];
  }[];
}

describeWithData("createHmacColumn on Wycheproof's vectors", "fpe/mac/hmac_sha256_test.json", () => {
  it("gives every valid tag and no other", () => {
    const { testGroups } = JSON.parse(readFileSync(sharedData("fpe/mac/hmac_sha256_test.json"), "utf8")) as Wycheproof;
    let count = 0;
    for (const { tagSize, tests } of testGroups) {
      for (const { key, msg, tag, result } of tests) {
        const mac = createHmacColumn(Buffer.from(key, "hex")).mac(Buffer.from(msg, "hex"));
        expect(mac.subarray(0, tagSize / 8).toString("hex") === tag).toBe(result === "valid");
        count++;
      }
    }
    expect(count).toBe(174);
  });
});
