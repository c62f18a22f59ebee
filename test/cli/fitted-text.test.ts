import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fittedText } from "../../src/cli/show/fitted-text.ts";

describe("fittedText", () => {
  it("leaves a text that just fits whole, and marks a cut", () => {
    expect(fittedText("customer_id", 11)).toBe("customer_id");
    expect(fittedText("customer_id", 13)).toBe("customer_id  ");
    expect(fittedText("customer_id", 10)).toBe("customer_…");
  });

  it("counts two columns for an East Asian character", () => {
    expect(fittedText("山田太郎", 8)).toBe("山田太郎");
    expect(fittedText("山田太郎", 7)).toBe("山田太…");
    expect(fittedText("山田太郎", 6)).toBe("山田… ");
  });

  it("counts two columns for an emoji, and none for a mark on the character before it", () => {
    expect(fittedText("😀", 4)).toBe("😀  ");
    expect(fittedText("e\u0301", 2)).toBe("e\u0301 ");
  });

  it("takes as many columns as it is given", () => {
    const widthOf = (text: string) =>
      [...text].reduce((width, character) => width + (/[\u4e00-\u9fff]/.test(character) ? 2 : 1), 0);
    const text = fc.array(fc.constantFrom("a", "é", "山")).map((characters) => characters.join(""));
    fc.assert(fc.property(text, fc.integer({ min: 1, max: 20 }), (one, limit) => widthOf(fittedText(one, limit)) === limit));
  });
});
