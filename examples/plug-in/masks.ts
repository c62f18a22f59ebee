import { createHmac } from "node:crypto";
import { boolean, defineTransform, eachValue, integer } from "standin/transforms";

/** Rounds an age down: 43 becomes 40. Whoever is 90 or older counts as 90. */
export const roundAge = defineTransform({
  name: "roundAge",
  technique: "generalization",
  // A CSV knows no integers: there an age is text.
  accepts: ["integer", "text"],
  guarantees: {
    deterministic: true,
    uniqueness: { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: "not-promised",
  },
  options: { to: integer({ describe: "Ages are rounded down to a multiple of this.", default: 10, min: 2, max: 30 }) },
  shorthand: "to",
  // What is no age it cannot handle: undefined, and the policy's onUnsupported decides. NULL never comes here.
  prepare: ({ to }) =>
    eachValue((value) => {
      const age = Number(value);
      if (!Number.isInteger(age) || age < 0 || age > 130) return undefined;
      return String(Math.floor(Math.min(age, 90) / to) * to);
    }),
});

const COLOURS = ["red", "green", "blue", "amber", "violet", "grey", "white", "black"];

/** Replaces a team's name by a colour and a number: Night Owls becomes blue-4182. */
export const colourName = defineTransform({
  name: "colourName",
  technique: "pseudonymization",
  accepts: ["text"],
  isKeyed: true,
  guarantees: {
    deterministic: true,
    // 16 bits of the number and 3 of the colour: the plan refuses it on a unique column with more than a row or two.
    uniqueness: { kind: "unlikely-lost", bits: 19 },
    reversible: false,
    preservesLength: false,
    changesInput: "almost-always",
  },
  options: { upperCase: boolean({ describe: "Whether colours are written in capitals.", default: false }) },
  maxOutputLength: () => 12,
  prepare: ({ upperCase }, { deriveKey }) => {
    // One key per column, never one per value; another purpose would be another mapping.
    const key = deriveKey("colourName");
    return eachValue((value) => {
      const bits = createHmac("sha256", key).update(value).digest();
      const colour = COLOURS[bits[0]! % COLOURS.length]!;
      return `${upperCase ? colour.toUpperCase() : colour}-${bits.readUInt16BE(1)}`;
    });
  },
});
