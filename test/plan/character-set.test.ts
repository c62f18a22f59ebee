import { describe, expect, it } from "vitest";
import { bytesIn, holdsText } from "../../src/plan/checks/character-set.ts";

describe("a character set", () => {
  it.each([
    ["latin1", "José €", true],
    ["latin1", "Łódź", false],
    ["latin2", "Łódź", true],
    ["ascii", "José", false],
    ["utf8mb3", "日本", true],
    ["utf8mb3", "😀", false],
    ["sjis", "日本", undefined],
  ])("%s holds %s: %s", (charset, text, holds) => expect(holdsText(text, charset)).toBe(holds));

  it("says how many bytes a text takes", () => {
    expect(["latin1", "ucs2", undefined].map((charset) => bytesIn("é", charset))).toEqual([1, 2, 2]);
  });
});
