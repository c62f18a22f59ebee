import { createHmac } from "node:crypto";
import { faker } from "@faker-js/faker/locale/en";
import { FF1 } from "@noble/ciphers/ff1.js";
import { compareValues } from "./measure.mjs";
import { createMaskerForBench } from "./prepare-mask.mjs";

const BATCH = 4096;
const KEY = Buffer.alloc(32, 7);

/** Single transforms against what people call per value. */
export async function benchValues(rounds) {
  const cards = Array.from({ length: BATCH }, (_, index) => String(4_000_000_000_000_000 + index * 7919));
  const names = Array.from({ length: BATCH }, (_, index) => `Person Number ${index}`);
  const { encryptDigits, fake, hash } = await import("../dist/index.js");
  const ff1 = FF1(10, KEY);
  const few = 64;
  const standin = async (name, rule, values) => {
    const mask = await createMaskerForBench(rule);
    return { name, run: async () => (await mask(values)).length };
  };
  const peer = (name, values, mask) => ({
    name,
    run: () => {
      for (const value of values) mask(value);
      return values.length;
    },
  });
  const seeded = (call) => (value) => {
    faker.seed(value.length * 7919 + Number(value.slice(14)));
    return call();
  };
  const pairs = [
    [
      "FF1, 16 digits",
      100,
      await standin("standin encryptDigits", encryptDigits(), cards),
      peer("@noble/ciphers", cards.slice(0, few), (card) => ff1.encrypt(Array.from(card, Number)).join("")),
    ],
    [
      "fake person.fullName",
      30,
      await standin("standin fake", fake("person.fullName"), names),
      peer(
        "faker.seed + faker",
        names.slice(0, 512),
        seeded(() => faker.person.fullName()),
      ),
    ],
    [
      "fake internet.email",
      30,
      await standin("standin fake", fake("internet.email"), names),
      peer(
        "faker.seed + faker",
        names.slice(0, 512),
        seeded(() => faker.internet.email()),
      ),
    ],
    [
      "keyed hash",
      8,
      await standin("standin hash", hash(), names),
      peer("createHmac", names, (name) => createHmac("sha256", KEY).update(name).digest("hex")),
    ],
  ];
  const results = [];
  for (const [bench, bar, ours, theirs] of pairs) {
    const [one, other] = await compareValues([ours, theirs], rounds);
    results.push({
      bench,
      ratio: other.nanoseconds / one.nanoseconds,
      bar,
      better: "higher",
      detail: `${one.nanoseconds.toFixed(0)} ns against ${other.nanoseconds.toFixed(0)} ns (${other.name})`,
    });
  }
  return results;
}
