import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { reportPage } from "../../src/report/report-page.ts";
import type { Verification } from "../../src/verify/verification.ts";

const HOSTILE = `<img src=x onerror="alert('1')">&"'`;

const shape = { rows: 10, nullShare: 0.25, distinct: 7, meanLength: 4.5, mostCommonShare: 0.125 };
const VERIFICATION: Verification = {
  source: "postgres",
  target: "postgres",
  tables: [
    {
      table: HOSTILE,
      sourceRows: 10,
      targetRows: 9,
      columns: [
        {
          column: HOSTILE,
          transform: "fake",
          isDeterministic: true,
          realShare: 0.375,
          unchangedShare: 0.0625,
          source: shape,
          target: { ...shape, distinct: 6 },
          drift: null,
          shapes: { source: [0, 0.5, 0.5, 0], target: [0.25, 0.25, 0.5, 0] },
        },
        {
          column: "none",
          transform: "keep",
          isDeterministic: false,
          realShare: 1,
          unchangedShare: null,
          source: shape,
          target: shape,
          drift: null,
          shapes: null,
        },
      ],
      anonymity: { classes: 2, k: 3, uniqueShare: 0, belowShare: 0.5, l: { [HOSTILE]: 1, other: 10 }, every: 1 },
    },
  ],
  leaks: [],
  scope: { watched: 5, every: 2, cells: 100, keys: 1, references: 0 },
  findings: [{ code: "LEAK_FOUND", severity: "error", message: `${HOSTILE} is found`, hint: HOSTILE }],
  planFingerprint: "xxh64:0123456789abcdef",
  milliseconds: 1234,
};

const page = reportPage(VERIFICATION, { at: new Date(0), version: "1.2.3", keyFingerprint: null });

describe("the page of a verification", () => {
  it("shows hostile names as text", () => {
    expect(page).not.toContain("<img");
    expect(page.split("&#60;img src=x onerror=&#34;alert(&#39;1&#39;)&#34;&#62;").length).toBeGreaterThan(5);
  });

  it("loads nothing and runs nothing: its policy admits its own style alone", () => {
    const [, style] = /<style>([\s\S]*)<\/style>/.exec(page)!;
    const hash = createHash("sha256").update(style!).digest("base64");
    expect(page).toContain(`content="default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'none'"`);
    expect(page).not.toMatch(/<script|<link|https?:|url\(|@import| on\w+="| style="/i);
  });

  it("says what was found, how much was looked at, and what became of rows and columns", () => {
    for (const text of [
      "✗ 1 thing to mend",
      "5 (one of 2)",
      "9 rows of 10",
      "1 of 2 columns masked",
      "7 → 6",
      "25 %",
      "10 or more",
      "50 %",
      "37.5 %",
      "6.3 %",
      "12.5 %",
      "equal stays equal",
      "1.2 s",
    ])
      expect(page).toContain(text);
  });

  it("draws both distributions in steps of equal width", () => {
    expect(page).toContain('<path class="before" d="M0,31H30V1H60V1H90V31H120V32H0Z"/>');
    expect(page).toContain('<path class="after" d="M0,16H30V16H60V1H90V31H120"/>');
  });
});
