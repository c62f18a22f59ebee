import { describe, expect, it } from "vitest";
import {
  encryptDigits,
  encryptId,
  isStandinError,
  maskText,
  type Rule,
  redact,
  roundNumber,
  shiftDates,
} from "../../src/index.ts";

// What is wrong is a compile error too: without one, tsc finds the directives unused.
const WRONG: Readonly<Record<string, () => Rule>> = {
  // @ts-expect-error: an option that must be there.
  "without scheme": () => encryptId({}),
  // @ts-expect-error: a list is no object of options, where none is a list.
  list: () => redact(["gold", "silver"]),
  // @ts-expect-error: nor a number the text that has a shorthand.
  "another kind of value": () => encryptId(7),
  // @ts-expect-error: an option that there is not, behind the value.
  "behind the value": () => roundNumber(10, { modus: "down" }),
  // @ts-expect-error: nor is a text, where all options may be left out.
  text: () => shiftDates("id"),
  // @ts-expect-error: nor a number.
  number: () => encryptDigits(6),
  // @ts-expect-error: a kind that there is not.
  kind: () => maskText({ find: ["emial"] }),
};

describe("options in TypeScript", () => {
  it.each(Object.entries(WRONG))("are refused where they are wrong, by the compiler and at run time: %s", (_, call) => {
    expect(call).toThrow(expect.toSatisfy(isStandinError));
  });
});
