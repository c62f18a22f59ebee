import { describe, expect, it } from "vitest";
import type { Report } from "../../src/pipeline/report.ts";
import { reportPage } from "../../src/report/report-page.ts";

const HOSTILE = `</code><script>alert("1")</script>`;

const column = { column: "id", decision: "keep", transform: "keep", technique: "none", domain: null } as const;
const REPORT: Report = {
  source: "postgres",
  target: "mysql",
  workers: 1,
  keptRows: 0,
  tables: [
    {
      table: HOSTILE,
      rows: 1_234,
      milliseconds: 2_500,
      columns: [
        { ...column, isDeterministic: false, isReversible: false },
        {
          column: HOSTILE,
          decision: "mask",
          transform: "encryptDigits",
          technique: "pseudonymization",
          domain: HOSTILE,
          isDeterministic: true,
          isReversible: true,
        },
        {
          ...column,
          decision: "generated",
          transform: "generated",
          technique: null,
          isDeterministic: false,
          isReversible: false,
        },
      ],
    },
  ],
  notCopied: [HOSTILE],
  rows: 1_234,
  milliseconds: 3_000,
  keyFingerprint: "0123abcd",
  planFingerprint: "xxh64:0123456789abcdef",
  warnings: [{ code: "FREQUENCY_SHOWN", severity: "warning", message: `${HOSTILE} shows`, hint: HOSTILE }],
  notes: [HOSTILE],
  verification: null,
};
const FACTS = { at: new Date(0), version: "1.2.3", keyFingerprint: null };

describe("the page of a run", () => {
  it("says what became of every column, how long it took and what was not copied, and that nobody looked", () => {
    const page = reportPage(REPORT, FACTS);
    for (const text of [
      "1,234 rows of 1 table copied. The copy was not looked through.",
      "1 of 2", // tables
      "1 of 3", // columns
      "1, 1 computed",
      "1,234 rows, 1 of 3 columns masked, 2.5 s",
      "pseudonymization · equal stays equal · undone with the key · domain ",
      "0123abcd",
      "xxh64:0123456789abcdef",
      "FREQUENCY_SHOWN",
    ])
      expect(page).toContain(text);
    expect(page).not.toContain("Distribution");
  });

  it("shows hostile names as text, wherever they stand", () => {
    const page = reportPage(REPORT, FACTS);
    expect(page).not.toMatch(/<script|<\/code><s/i);
    expect(page.split("&#60;script&#62;").length).toBeGreaterThan(7);
  });

  it("says what a verification found, and that the copy is clean or was not published", () => {
    const verification = {
      source: "postgres",
      target: "mysql",
      tables: [],
      leaks: [],
      scope: { watched: 7, every: 1, cells: 70, keys: 2, references: 1 },
      findings: [{ code: "LEAK_FOUND", severity: "warning", message: "a.b: 1 cell holds a value" }],
      planFingerprint: "xxh64:0",
      milliseconds: 1,
    } as const;
    const published = reportPage({ ...REPORT, verification }, FACTS);
    expect(published).toContain("1 table copied. Nothing was found that should not be there; 1 thing may be worth a look");
    expect(published).toContain("a.b: 1 cell holds a value");
    const strict = reportPage(verification, { ...FACTS, ok: false, isPublished: false });
    expect(strict).toContain("✗ 1 thing to mend. The copy was not published: the target is as it was");
  });
});
