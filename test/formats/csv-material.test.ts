import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { parse as parseYaml } from "yaml";
import type { CsvDialect } from "../../src/formats/csv/csv-dialect.ts";
import { describeWithData, sharedData } from "../shared-data.ts";
import { readCsv } from "./read-csv.ts";

const CHUNK_SIZES = [1, 2, 3, 7, 65_536];

interface MalformedCase {
  id: string;
  desc: string;
  bytes_b64: string;
  options: { header?: boolean; planned?: string[]; nullMode?: "postgres"; escape?: "\\"; quote?: "'" | null };
  expect: "accept" | "reject";
  rows: (string | null)[][] | null;
}

describeWithData("the malformed cases", "csv/malformed-cases.json", () => {
  const { cases } = JSON.parse(readFileSync(sharedData("csv", "malformed-cases.json"), "utf8")) as { cases: MalformedCase[] };

  it.each(cases.map((one) => [`${one.id}: ${one.desc}`, one] as const))("%s", async (_, { options, bytes_b64, ...expected }) => {
    // Columns that a plan does not know, or that a file lacks, are the plan's to refuse: test/connectors/csv.test.ts.
    if (options.planned !== undefined) return;
    const dialect: Partial<CsvDialect> = {
      ...(options.nullMode === "postgres" ? { nulls: "unquoted-empty" } : {}),
      ...(options.escape === "\\" ? { escape: "backslash" } : {}),
      ...(options.quote !== undefined ? { quote: options.quote } : {}),
    };
    const bytes = Buffer.from(bytes_b64, "base64");
    for (const chunkSize of CHUNK_SIZES) {
      const read = readCsv(bytes, { dialect, header: options.header ?? true, chunkSize });
      if (expected.expect === "reject") await expect(read).rejects.toMatchObject({ code: "FORMAT_INVALID" });
      else {
        const { rows, bytes: again } = await read;
        expect(rows).toEqual(expected.rows);
        expect(again.equals(bytes)).toBe(true);
      }
    }
  });
});

describeWithData("csv-spectrum", "csv/csv-spectrum", () => {
  const folder = sharedData("csv", "csv-spectrum");
  const rowsOf = async (file: string, relaxQuotes = false) => {
    const { names, rows } = await readCsv(readFileSync(`${folder}/csv/${file}`), { dialect: { relaxQuotes } });
    return rows.map((row) => Object.fromEntries(row.map((cell, index) => [names![index], cell])));
  };
  const jsonOf = (file: string) => readFileSync(`${folder}/json/${file.replace(".csv", ".json")}`, "utf8");

  it.each(readdirSync(`${folder}/csv`).filter((file) => file !== "location_coordinates.csv"))(
    "%s reads as its JSON says",
    async (file) => {
      // The set's newlines_crlf.csv came through a checkout that made its line ends LF; its JSON still has CRLF.
      expect(await rowsOf(file)).toEqual(JSON.parse(jsonOf(file).replaceAll("\\r\\n", "\\n")));
    },
  );

  it("location_coordinates.csv reads with relaxed quotes alone: RFC 4180 forbids quotes inside of a field", async () => {
    await expect(rowsOf("location_coordinates.csv")).rejects.toMatchObject({ code: "FORMAT_INVALID" });
    // The set's JSON has another telephone number than its CSV.
    const { "Contact Phone Number": _, ...expected } = JSON.parse(jsonOf("location_coordinates.csv"));
    expect(await rowsOf("location_coordinates.csv", true)).toEqual([expect.objectContaining(expected)]);
  });
});

describeWithData("csv-test-data", "csv/csv-test-data", () => {
  const folder = sharedData("csv", "csv-test-data");
  // What its README calls bad. A header of other names than expected is no fault of the format.
  const rejected = /^bad-(?!header-wrong)/;
  it.each(readdirSync(`${folder}/csv`))("%s reads as its JSON says, or is refused where it is bad", async (file) => {
    const bytes = readFileSync(`${folder}/csv/${file}`);
    const header = /header/.test(file);
    if (rejected.test(file)) {
      await expect(readCsv(bytes, { header })).rejects.toMatchObject({ code: "FORMAT_INVALID" });
      return;
    }
    if (file.startsWith("bad-")) return;
    const { names, rows } = await readCsv(bytes, { header });
    const expected = JSON.parse(readFileSync(`${folder}/json/${file.replace(".csv", ".json")}`, "utf8"));
    expect(header ? rows.map((row) => Object.fromEntries(row.map((value, index) => [names![index], value]))) : rows).toEqual(
      expected,
    );
  });
});

interface FastCsvSpec {
  settings?: { commentMode?: string; skipEmptyLines?: boolean; exceptionAllowed?: boolean };
  checks: { id: string; input: string; records: string[][]; settings?: FastCsvSpec["settings"] }[];
}

describeWithData("fastcsv-spec", "csv/fastcsv-spec", () => {
  const folder = sharedData("csv", "fastcsv-spec");
  const expand = (text: string, lineEnd: string) =>
    text.replaceAll("␍", "\r").replaceAll("␊", "\n").replaceAll("␤", "\r\n").replaceAll("⏎", lineEnd).replaceAll("␠", " ");
  const files = readdirSync(folder).filter((file) => file.endsWith(".yaml"));
  const checks = files.flatMap((file) => {
    const spec = parseYaml(readFileSync(`${folder}/${file}`, "utf8")) as FastCsvSpec;
    return spec.checks.map((check) => ({ ...check, file, settings: { ...spec.settings, ...check.settings } }));
  });

  it.each(checks.map((check) => [check.id, check] as const))("%s", async (_, { input, records, settings, file }) => {
    // Comments as records of their own are nothing that a table could hold.
    if (file === "comments-read.yaml") return;
    for (const lineEnd of ["\n", "\r\n", "\r"]) {
      const dialect: Partial<CsvDialect> = {
        terminator: lineEnd === "\r" && input.includes("⏎") ? "\r" : "auto",
        skipEmptyLines: settings.skipEmptyLines ?? false,
        comment: file === "comments-skip.yaml" ? "#" : null,
      };
      const read = readCsv(Buffer.from(expand(input, lineEnd)), { dialect, header: false });
      const isRagged = new Set(records.map((record) => record.length)).size > 1;
      // Strict where the specification allows an exception; and every row of a table has as many cells as the others.
      if (settings.exceptionAllowed || isRagged) {
        await expect(read).rejects.toMatchObject({ code: "FORMAT_INVALID" });
      } else {
        expect((await read).rows).toEqual(records.map((record) => record.map((value) => expand(value, lineEnd))));
      }
    }
  });
});
