import { describe, expect, it } from "vitest";
import { liveProgress } from "../../src/cli/show/live-progress.ts";
import { jsonProgress, plainProgress } from "../../src/cli/show/plain-progress.ts";
import { ProgressMeter } from "../../src/cli/show/progress-meter.ts";
import type { ProgressEvent } from "../../src/pipeline/progress.ts";
import { duration } from "../../src/written-numbers.ts";

/** A stream that keeps what is written to it, as a terminal of some width. */
function screen(columns?: number) {
  const output = {
    text: "",
    isTTY: columns !== undefined,
    columns,
    write(text: string) {
      output.text += text;
      return true;
    },
  };
  return output as typeof output & NodeJS.WriteStream;
}

/** What a terminal shows in the end, its colours aside: carriage returns, cursor up and clearing carried out. */
function shown(text: string): string[] {
  const lines = [""];
  let row = 0;
  // biome-ignore lint/complexity/useRegexLiterals: an escape character reads better by name.
  for (const part of text.split(new RegExp("(\\r|\\n|\\x1b\\[\\d*[A-Za-z])"))) {
    if (part === "\n") lines[++row] ??= "";
    else if (part.endsWith("A") && part.startsWith("\x1b")) row -= Number(part.slice(2, -1));
    else if (part === "\x1b[0J") lines.splice(row, lines.length - row, "");
    else if (part !== "\r" && !part.startsWith("\x1b")) lines[row] += part;
  }
  return lines;
}

const RUN: readonly ProgressEvent[] = [
  { type: "planned", source: "postgres", target: "postgres", tables: 2, rowEstimate: 1000, byteEstimate: null },
  { type: "note", message: "2 tables are replaced" },
  { type: "table-started", table: "customers", rowEstimate: 400, byteEstimate: null },
  { type: "rows", table: "customers", rows: 100, bytes: 0 },
  { type: "rows", table: "customers", rows: 400, bytes: 0 },
  { type: "table-finished", table: "customers", rows: 500, milliseconds: 1000 },
  { type: "table-started", table: "orders", rowEstimate: 600, byteEstimate: null },
];

describe("ProgressMeter", () => {
  it("tells rows, speed and the time left, of a table and of the run, and mends a wrong estimate", () => {
    let now = 0;
    const meter = new ProgressMeter(() => now);
    for (const event of RUN.slice(0, 3)) meter.take(event);
    now = 1000;
    meter.take(RUN[3]!);
    expect(meter.current()).toEqual({ rows: 100, expected: 400, rowsPerSecond: 100, millisecondsLeft: 3000 });
    expect(meter.all()).toEqual({ rows: 100, expected: 1000, rowsPerSecond: 100, millisecondsLeft: 9000 });
    for (const event of RUN.slice(4)) meter.take(event);
    expect(meter.all()).toMatchObject({ rows: 500, expected: 1100 });
    expect([meter.table, meter.position, meter.tables]).toEqual(["orders", 2, 2]);
  });

  it("tells by the bytes of a file how many rows are still to come", () => {
    let now = 0;
    const meter = new ProgressMeter(() => now);
    meter.take({ type: "planned", source: "postgres", target: "postgres", tables: 2, rowEstimate: null, byteEstimate: 4000 });
    meter.take({ type: "table-started", table: "orders", rowEstimate: null, byteEstimate: 1000 });
    expect(meter.current()).toMatchObject({ rows: 0, expected: null, millisecondsLeft: null });
    now = 1000;
    meter.take({ type: "rows", table: "orders", rows: 10, bytes: 250 });
    expect(meter.current()).toEqual({ rows: 10, expected: 40, rowsPerSecond: 10, millisecondsLeft: 3000 });
    expect(meter.all()).toEqual({ rows: 10, expected: 160, rowsPerSecond: 10, millisecondsLeft: 15_000 });
  });

  it("promises no end in the first second, nor by the time that the target took to prepare", () => {
    let now = 0;
    const meter = new ProgressMeter(() => now);
    meter.take(RUN[0]!);
    now = 60_000;
    meter.take(RUN[2]!);
    meter.take(RUN[3]!);
    now = 60_500;
    expect(meter.all()).toMatchObject({ rowsPerSecond: 200, millisecondsLeft: null });
    now = 61_000;
    expect(meter.all()).toMatchObject({ rowsPerSecond: 100, millisecondsLeft: 9000 });
  });

  it("promises no end where nobody knows the rows", () => {
    const meter = new ProgressMeter();
    meter.take({ type: "planned", source: "postgres", target: "postgres", tables: 1, rowEstimate: null, byteEstimate: null });
    meter.take({ type: "table-started", table: "t", rowEstimate: null, byteEstimate: null });
    meter.take({ type: "rows", table: "t", rows: 10, bytes: 0 });
    expect(meter.current()).toMatchObject({ rows: 10, expected: null, millisecondsLeft: null });
  });
});

describe("progress on a terminal", () => {
  it("keeps a line for each finished table above two bars, of the table under way and of the whole run", () => {
    const output = screen(100);
    const { onProgress, end } = liveProgress(output);
    for (const event of RUN) onProgress(event);
    expect(shown(output.text)).toEqual([
      "2 tables are replaced",
      "✓ customers                             500 rows     1.0 s  500/s",
      expect.stringMatching(/^ {2}orders {14} {2}░{20} {3}0% {2}0 rows$/),
      expect.stringMatching(/^ {2}total \(2\/2\) {9} {2}█{9}░{11} {2}45% {2}500 rows {2}[\d,]+\/s$/),
    ]);
    end();
    end();
    expect(shown(output.text).slice(2)).toEqual([""]);
  });

  it.each([20, 40, 60, 80])("never wraps a line at %i columns", (columns) => {
    const output = screen(columns);
    const { onProgress } = liveProgress(output);
    const table = "a_table_with_quite_a_long_name";
    onProgress({ type: "planned", source: "postgres", target: "postgres", tables: 1000, rowEstimate: 2e9, byteEstimate: null });
    onProgress({ type: "table-started", table, rowEstimate: 1e9, byteEstimate: null });
    onProgress({ type: "rows", table, rows: 123_456_789, bytes: 0 });
    onProgress({ type: "publishing" });
    for (const drawn of output.text.split(/[\r\n]/))
      expect(drawn.replaceAll(/\x1b\[\d*[A-Za-z]/g, "").length).toBeLessThanOrEqual(columns);
  });
});

describe("progress without a terminal", () => {
  it("is a plain line for each note and each finished table", () => {
    const output = screen();
    const { onProgress } = plainProgress(output);
    for (const event of RUN) onProgress(event);
    expect(output.text).toBe("2 tables are replaced\ncustomers                             500 rows     1.0 s  500/s\n");
  });

  it("is an object on each line for machines, with the first rows of a table and then a sum now and then", () => {
    const output = screen();
    const { onProgress } = jsonProgress(output);
    for (const event of RUN) onProgress(event);
    const lines = output.text
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line));
    expect(lines.map(({ type }) => type)).toEqual([
      "planned",
      "note",
      "table-started",
      "rows",
      "table-finished",
      "table-started",
    ]);
    expect(lines[3]).toMatchObject({ table: "customers", rows: 100, rowEstimate: 400, rowsInAll: 100 });
  });
});

it.each([
  [340, "340 ms"],
  [4240, "4.2 s"],
  [59_990, "1 min 00 s"],
  [185_000, "3 min 05 s"],
  [7_390_000, "2 h 03 min"],
])("reads %i ms as %s", (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});
