import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { checkTransform } from "../../src/testing/index.ts";
import { encryptIp } from "../../src/transforms/network/encrypt-ip.ts";
import { parseIp, writeIp, writeV4, writeV6 } from "../../src/transforms/network/ip-text.ts";
import { columnOf, maskInBatches, maskOne, maskValues } from "./mask-values.ts";

const NETWORK = { column: { kind: "network", type: "inet" } } as const;
const WORD = fc.integer({ min: 0, max: 0xffffffff });
const V4 = WORD.map(writeV4);
const V6 = fc.array(WORD, { minLength: 4, maxLength: 4 }).map((words) => writeV6(words));

describe("encryptIp", () => {
  it("gives neighbours neighbours, and other networks other ones", async () => {
    const [one, near, far] = await maskValues(encryptIp(), ["198.51.100.17", "198.51.100.99", "203.0.113.5"], NETWORK);
    const net = one!.split(".").slice(0, 3).join(".");
    expect(near!.startsWith(`${net}.`)).toBe(true);
    expect(far!.startsWith(`${net}.`)).toBe(false);
  });

  it("keeps private addresses private, public ones public, and loopback, multicast and reserved ones as they are", async () => {
    const isPrivate = /^(10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.)/;
    const own = ["10.1.2.3", "172.16.5.4", "192.168.1.77"];
    const masked = await maskValues(encryptIp(), own, NETWORK);
    for (const [index, value] of masked.entries()) {
      expect(value).toMatch(isPrivate);
      expect(value).not.toBe(own[index]);
    }
    const fixed = ["127.0.0.1", "0.0.0.0", "255.255.255.255", "224.0.0.251", "::1", "::", "ff02::1"];
    expect(await maskValues(encryptIp(), fixed, NETWORK)).toEqual(fixed);
    const link = await maskValues(encryptIp(), ["fe80::1%eth0", "fd00::12", "2a00:1450::8"], { column: "text" });
    expect(link[0]).toMatch(/^fe[89ab][0-9a-f]:.*%eth0$/);
    expect(link[1]).toMatch(/^f[cd]/);
    expect(link[2]).toMatch(/^[23][0-9a-f]{3}:/);
    await fc.assert(
      fc.asyncProperty(fc.array(V4, { minLength: 1, maxLength: 50 }), async (values) => {
        const special =
          /^(0|10|127|22[4-9]|2[3-5]\d)\.|^192\.168\.|^172\.(1[6-9]|2\d|3[01])\.|^169\.254\.|^100\.(6[4-9]|[7-9]\d|1[01]\d|12[0-7])\./;
        const masked = await maskValues(encryptIp(), values, NETWORK);
        for (const [index, value] of masked.entries()) expect(special.test(value!)).toBe(special.test(values[index]!));
      }),
      { numRuns: 30 },
    );
  });

  it("encrypts every address where nothing is special, and keeps a prefix that it is told to", async () => {
    expect(await maskOne(encryptIp({ special: false }), "127.0.0.1", NETWORK)).not.toMatch(/^127\./);
    expect(await maskOne(encryptIp({ keepPrefix: 16 }), "198.51.100.17", NETWORK)).toMatch(/^198\.51\./);
    expect(await maskOne(encryptIp({ keepPrefix6: 32 }), "2001:4860:4860::8888", NETWORK)).toMatch(/^2001:4860:/);
  });

  it("keeps the prefix length, and a network a network", async () => {
    const [host, alone, network, wide] = await maskValues(
      encryptIp(),
      ["198.51.100.17/24", "198.51.100.17", "198.51.100.0/24", "198.51.0.0/16"],
      NETWORK,
    );
    expect(host).toBe(`${alone}/24`);
    expect(network).toBe(`${alone!.split(".").slice(0, 3).join(".")}.0/24`);
    expect(wide).toBe(`${alone!.split(".").slice(0, 2).join(".")}.0.0/16`);
    expect(await maskOne(encryptIp(), "2a00:1450::/32", NETWORK)).toMatch(/^[23][0-9a-f]{3}:[0-9a-f]{1,4}::\/32$/);
    expect(await maskValues(encryptIp(), ["0.0.0.0/0", "::/0"], NETWORK)).toEqual(["0.0.0.0/0", "::/0"]);
  });

  it("maps all hosts of a network, and the network itself, to different ones", async () => {
    const hosts = Array.from({ length: 256 }, (_, host) => `198.51.100.${host}/24`);
    const masked = await maskValues(encryptIp(), hosts, NETWORK);
    expect(new Set(masked).size).toBe(256);
    expect(masked[0]).toMatch(/\.0\/24$/);
  });

  it("maps an address inside of IPv6 as it maps it alone, and keeps spellings", async () => {
    const [alone, mapped, hex] = await maskValues(
      encryptIp(),
      ["198.51.100.17", "::ffff:198.51.100.17", "::ffff:c633:6411"],
      NETWORK,
    );
    expect([mapped, hex]).toEqual([`::ffff:${alone}`, `::ffff:${alone}`]);
    const [lower, upper, full] = await maskValues(encryptIp(), [
      "2a00:1450:4001:81b::200e",
      "2A00:1450:4001:81B::200E",
      "2a00:1450:4001:081b:0000:0000:0000:200e",
    ]);
    expect(upper).toBe(lower!.toUpperCase());
    expect(full).toHaveLength(39);
    expect(writeIp(parseIp(full!)!, parseIp(lower!)!.words)).toBe(full);
  });

  it("draws from networks instead", async () => {
    const rule = encryptIp({ within: ["203.0.113.0/24", "2001:db8::/32"] });
    for (const value of await maskValues(rule, ["198.51.100.17", "10.0.0.1", "127.0.0.1"], NETWORK))
      expect(value).toMatch(/^203\.0\.113\./);
    expect(await maskOne(rule, "fe80::1", NETWORK)).toMatch(/^2001:db8:/);
    await expect(maskOne(encryptIp({ within: ["10.0.0.0/8"] }), "fe80::1", NETWORK)).rejects.toMatchObject({
      code: "VALUE_UNSUPPORTED",
    });
    expect(() => encryptIp({ within: ["203.0.113.7/24"] })).toThrow(/first address/);
    expect(() => encryptIp({ within: ["10.0.0.0/8", "11.0.0.0/8"] })).toThrow(/one network/);
    await expect(checkTransform(rule)).resolves.toEqual([]);
  });

  it("cannot handle what is no address, or has two readings", async () => {
    for (const value of [
      "localhost",
      "1.2.3",
      "1.2.3.256",
      "010.0.0.1",
      "1.2.3.4/33",
      ":::",
      "1::2::3",
      "12345::",
      "::ffff:1.2.3.4/95",
      "1.2.3.4%eth0",
    ])
      await expect(maskOne(encryptIp(), value)).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
    await expect(maskOne(encryptIp({ strict: true }), "2A00::1")).rejects.toMatchObject({ code: "VALUE_UNSUPPORTED" });
    const narrow = encryptIp().transform.checkColumn(encryptIp().options, columnOf({ type: "varchar(12)", maxLength: 12 }));
    expect(narrow).toHaveLength(1);
  });

  it("writes what it reads, and is the same in any batch size", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.oneof(V4, V6), { minLength: 1, maxLength: 40 }),
        fc.integer({ min: 1, max: 7 }),
        async (values, size) => {
          for (const value of values) expect(writeIp(parseIp(value)!, parseIp(value)!.words)).toBe(value);
          const masked = await maskValues(encryptIp(), values, NETWORK);
          expect(await maskInBatches(encryptIp(), values, size, NETWORK)).toEqual(masked);
          expect(new Set(masked).size).toBe(new Set(values).size);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("keeps its promises on texts", async () => {
    const values = [
      ...Array.from({ length: 3000 }, (_, index) => writeV4((index * 2654435761) >>> 0)),
      "",
      null,
      "::1",
      "2a00::1",
    ];
    for (const rule of [encryptIp(), encryptIp({ strict: true }), encryptIp({ special: false, keepPrefix: 8 })])
      expect(await checkTransform(rule, { column: "text", values })).toEqual([]);
  });
});
