import { describe, expect, it } from "vitest";
import { fitOf } from "../../src/connectors/sqlite/sqlite-fit.ts";
import type { Stored } from "../../src/connectors/sqlite/sqlite-library.ts";
import type { Column, ColumnKind } from "../../src/contracts.ts";

const column = (kind: ColumnKind, type: string, more: Partial<Column> = {}): Column => ({
  ...{ name: "v", type, kind, nullable: true, hasDefault: false, isGenerated: false, maxLength: null, isPadded: false },
  ...{ range: null, labels: null, ...more },
});

/** As SQLite stores a value. */
function fits(to: Column, value: Stored): boolean {
  const stored = typeof value === "string" ? Buffer.from(value) : value;
  const storage = typeof value === "string" ? "text" : typeof value === "bigint" ? "integer" : "real";
  return fitOf(to)(storage, stored);
}

const timestamp = column("timestamp", "timestamp without time zone");
const zoned = column("timestamp", "timestamp with time zone");

/** What servers take for what it is, and a near neighbour that they would change. */
const PAIRS: readonly (readonly [to: Column, fitting: readonly Stored[], other: readonly Stored[]])[] = [
  [
    column("float", "double precision"),
    [0.1, 1e300, -0, 2n ** 53n, 2n ** 60n, "1.50", ".5e3", "-0.10", Infinity],
    ["1e999", 2n ** 53n + 1n],
  ],
  [column("float", "real"), [0.1, 16777216n, 0.5, 3.4e38, "1e-20", 0.10000000149011612], [16777217n, 1 / 3, 1e39, 1e-60]],
  [column("float", "float(7,4)"), [1.25, 3n, "0.1234"], [0.12345]],
  [column("decimal", "numeric(5,-2)"), [1200n, 0n, "100.0"], [1234n, 10n, "100.5"]],
  [column("decimal", "numeric(10,2)"), [1.5, "3.100", "+.5", "7."], [1.005, ".", "", "1e2"]],
  [column("decimal", "numeric"), ["0.1234567890123456789"], ["x"]],
  [
    column("date", "date"),
    ["2024-01-02", "0001-01-01", "2024-1-2", "0044-03-15 BC"],
    ["20240102", "24-01-02", "1/2/2024", "2024-01-02 00:00"],
  ],
  [
    timestamp,
    ["2024-01-02", "2024-01-02 03:04", "2024-01-02T03:04:05.123456000Z", "2024-01-02 03:04:05+00:00"],
    ["2024-01-02T03:04:05.1234567", "2024-01-02 03:04:05-08", "2024-01-02 23:59:60", "now"],
  ],
  [zoned, ["2024-01-02 03:04:05.5+05:30", "2024-01-02T03:04:05Z"], ["2024-01-02 03:04:05.1234567Z"]],
  [column("timestamp", "datetime(3)"), ["2024-01-02 03:04:05.123"], ["2024-01-02 03:04:05.1234", "2024-01-02 03:04:05+02"]],
  [
    column("time", "time(3) without time zone"),
    ["12:30", "12:30:00.123"],
    ["1230", "12:30:00.1234", "12:30 PM", "2024-01-02 12:30"],
  ],
  [column("time", "time"), ["-838:59:59", "838:59:59"], ["12", "12:30:00.5"]],
  [column("interval", "interval"), ["1 day", "PT1H", "00:00:01"], ["70", 70n, 1.5]],
  [column("enum", "enum('a','1')", { labels: ["a", "1"] }), ["a", 1n], ["2", "A"]],
  [column("other", "set('a','b')", { labels: ["a", "b"] }), ["a", "b,a", ""], ["1", "a,c"]],
  [column("text", "character varying(3)", { maxLength: 3 }), ["abc", "😀😀😀"], ["abc "]],
  [column("text", "name", { maxLength: 63 }), ["é".repeat(31)], ["é".repeat(32)]],
];

describe("what of SQLite fits another database", () => {
  it("is what comes back as it was", () => {
    for (const [to, fitting, other] of PAIRS) {
      expect(fitting.filter((value) => !fits(to, value)).map(String), `taken by ${to.type}`).toEqual([]);
      expect(other.filter((value) => fits(to, value)).map(String), `changed by ${to.type}`).toEqual([]);
    }
  });

  it("goes by the type under a domain", () => {
    const price = column("decimal", "price", { baseType: "numeric(10,2)" });
    expect([fits(price, 1.25), fits(price, 1.255)]).toEqual([true, false]);
  });
});
