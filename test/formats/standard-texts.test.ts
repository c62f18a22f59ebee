import { describe, expect, it } from "vitest";
import { standardTexts, unescaped } from "../../src/formats/mysql/standard-texts.ts";

describe("an expression of MySQL", () => {
  it.each([
    [String.raw`v <> 'it\'s'`, "v <> 'it''s'"],
    ["v <> 'it''s'", "v <> 'it''s'"],
    [String.raw`v <> 'a\\' and w = '\''`, String.raw`v <> 'a\' and w = ''''`],
    [String.raw`concat(v,'\n\"\0')`, `concat(v,'\n"\0')`],
    [String.raw`v like 'x\\_\%'`, String.raw`v like 'x\_\%'`],
    ["`it's` <> 'x' and `b``'` = 1", "`it's` <> 'x' and `b``'` = 1"],
  ])("has its texts as standard SQL has them: %s", (written, standard) => {
    expect(standardTexts(written)).toBe(standard);
  });

  it("has one escape more in MySQL's catalog", () => {
    expect(unescaped(String.raw`(v <> _utf8mb4\'it\\\'s \\n\')`)).toBe(String.raw`(v <> _utf8mb4'it\'s \n')`);
  });
});
