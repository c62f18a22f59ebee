import { describe, expect, it } from "vitest";
import { cutText } from "../../src/transforms/fake/fake-text.ts";

describe("cutText", () => {
  it("cuts between characters as they are read, in any script", () => {
    expect(cutText("Zoë", 2)).toBe("Zo");
    expect(cutText("Zoe\u0308", 3)).toBe("Zo");
    expect(cutText("Zoe\u0308", 4)).toBe("Zoe\u0308");
    expect(cutText("आरती शर्मा", 4)).toBe("आरती");
    expect(cutText("आरती शर्मा", 3)).toBe("आर");
    expect(cutText("👩‍👩‍👧 x", 3)).toBe("");
    expect(cutText("a👍🏽", 2)).toBe("a");
    expect(cutText("😀😀", 1)).toBe("😀");
    expect(cutText("Jo Do", 3)).toBe("Jo");
    expect(cutText("שָׁלוֹם", 2)).toBe("");
  });
});
