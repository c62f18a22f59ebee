import { describe, expect, it } from "vitest";
import { bareColumn } from "../../src/bare-column.ts";
import type { Column } from "../../src/contracts.ts";
import { comparisonIn, textFor } from "../../src/verify/key-comparison.ts";

const column = (more: Partial<Column> = {}): Column => bareColumn("k", "text", more);
const caseless = column({ ignoresCase: true });
const citext = column({ ignoresCase: true, type: "public.citext" });

describe("how keys of a copy are compared", () => {
  it("is by their server's weights where it gives them, and by their texts where equality is of texts", () => {
    expect(comparisonIn({ system: "mysql", hasWeights: true }, [caseless, caseless], true)).toBe("weight");
    expect(comparisonIn({ system: "mysql", hasWeights: true }, [column(), column()], false)).toBe("text");
    expect(comparisonIn({ system: "postgres", hasWeights: false }, [column(), column()], false)).toBe("text");
    expect(comparisonIn({ system: "csv", hasWeights: false }, [column(), column()], false)).toBe("text");
  });

  it("asks for ASCII where a collation of MySQL is not known, as in a dump", () => {
    expect(comparisonIn({ system: "mysql", hasWeights: true }, [caseless, column()], false)).toBe("ascii");
    expect(comparisonIn({ system: "mysql", hasWeights: false }, [column(), column()], false)).toBe("ascii");
    const number = column({ kind: "integer" });
    expect(comparisonIn({ system: "mysql", hasWeights: false }, [number, number], false)).toBe("text");
    const compared = textFor("ascii", "mysql", column(), column());
    // Lithuanian, and classical Latin.
    expect(["Yes ", "JULIA", "x"].map(compared)).toEqual(["ies", "iulia", "x"].map(compared));
    expect(compared("a")).not.toBe(compared("b"));
  });

  it("is not known of PostgreSQL's nondeterministic collations, other than of citext and domains over it", () => {
    const system = { system: "postgres", hasWeights: false } as const;
    expect(comparisonIn(system, [caseless, caseless], false)).toBeNull();
    expect(comparisonIn(system, [citext, caseless], false)).toBeNull();
    expect(comparisonIn(system, [citext, column({ ignoresCase: true, type: "email", baseType: "citext" })], false)).toBe(
      "caseless",
    );
    expect(comparisonIn(system, [citext, column()], false)).toBe("caseless");
  });
});
