import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { type Table as ArrowTable, tableFromArrays, tableFromIPC, tableToIPC } from "apache-arrow";
import { parquetMetadata } from "hyparquet";
import { parquetWriteBuffer } from "hyparquet-writer";
import { Compression, readParquet, Table as WasmTable, WriterPropertiesBuilder, writeParquet } from "parquet-wasm";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { jsonlSource } from "../../src/connectors/jsonl/index.ts";
import { MemorySink } from "../../src/connectors/memory/index.ts";
import { parquetSink, parquetSource } from "../../src/connectors/parquet/index.ts";
import type { Source } from "../../src/contracts.ts";
import type { TablePolicy } from "../../src/policy/define-policy.ts";
import { refresh } from "../../src/refresh.ts";
import { checkSink, checkSource, type ExamRow } from "../../src/testing/index.ts";
import { shiftDates } from "../../src/transforms/dates/shift-dates.ts";
import { maskJson } from "../../src/transforms/documents/mask-json.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { TEST_KEY } from "../test-key.ts";
import { PEOPLE, tableOf } from "../testing/examined-people.ts";

let folder: string;
const from = (name = "") => join(folder, "from", name);
const to = (name = "") => join(folder, "to", name);

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "standin-parquet-"));
  mkdirSync(from());
});
afterEach(() => rmSync(folder, { recursive: true }));

type Schema = NonNullable<Parameters<typeof parquetWriteBuffer>[0]["schema"]>;

/** Each type that Parquet has a text for: [name, element, values as the writer takes them, texts]. */
const TYPES: readonly (readonly [
  name: string,
  element: object,
  values: readonly unknown[],
  texts: readonly (string | null)[],
])[] = [
  ["flag", { type: "BOOLEAN" }, [true, false, null], ["true", "false", null]],
  ["i32", { type: "INT32" }, [-(2 ** 31), 2 ** 31 - 1, null], ["-2147483648", "2147483647", null]],
  ["i64", { type: "INT64" }, [-(2n ** 63n), 9007199254740993n, null], ["-9223372036854775808", "9007199254740993", null]],
  ["u32", { type: "INT32", converted_type: "UINT_32" }, [0, 4294967295, null], ["0", "4294967295", null]],
  ["real", { type: "FLOAT" }, [Math.fround(0.1), Number.NaN, -0], ["0.1", "NaN", "-0"]],
  ["double", { type: "DOUBLE" }, [0.1, 1e300, Number.NEGATIVE_INFINITY], ["0.1", "1e+300", "-Infinity"]],
  ["text", { type: "BYTE_ARRAY", converted_type: "UTF8" }, ["Zoë 🙂", "", null], ["Zoë 🙂", "", null]],
  ["small", { type: "INT32", converted_type: "DECIMAL", precision: 5, scale: 2 }, [12345n, -1n, null], ["123.45", "-0.01", null]],
  [
    "big",
    { type: "FIXED_LEN_BYTE_ARRAY", type_length: 16, converted_type: "DECIMAL", precision: 38, scale: 4 },
    [10n ** 37n + 1n, -(10n ** 37n), null],
    ["1000000000000000000000000000000000.0001", "-1000000000000000000000000000000000.0000", null],
  ],
  ["day", { type: "INT32", converted_type: "DATE" }, [0, -719162, null], ["1970-01-01", "0001-01-01", null]],
  [
    "instant",
    { type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" } },
    [1582934399123456n, -1n, null],
    ["2020-02-28 23:59:59.123456+00", "1969-12-31 23:59:59.999999+00", null],
  ],
  [
    "wall",
    { type: "INT64", logical_type: { type: "TIMESTAMP", isAdjustedToUTC: false, unit: "NANOS" } },
    [1n, 1582934399000000000n, null],
    ["1970-01-01 00:00:00.000000001", "2020-02-28 23:59:59", null],
  ],
  [
    "clock",
    { type: "INT64", logical_type: { type: "TIME", isAdjustedToUTC: false, unit: "MICROS" } },
    [86399999999n, 0n, null],
    ["23:59:59.999999", "00:00:00", null],
  ],
  [
    "uuid",
    { type: "FIXED_LEN_BYTE_ARRAY", type_length: 16, logical_type: { type: "UUID" } },
    ["3f2504e0-4f89-41d3-9a0c-0305e82c3301", "00000000-0000-0000-0000-000000000000", null],
    ["3f2504e0-4f89-41d3-9a0c-0305e82c3301", "00000000-0000-0000-0000-000000000000", null],
  ],
  ["doc", { type: "BYTE_ARRAY", converted_type: "JSON" }, [{ a: [1] }, "x", null], ['{"a":[1]}', '"x"', null]],
  ["bytes", { type: "BYTE_ARRAY" }, [new Uint8Array([0, 255]), new Uint8Array(), null], ["\\x00ff", "\\x", null]],
];

function writeTypes(): void {
  const schema = [
    { name: "root", num_children: TYPES.length },
    ...TYPES.map(([name, element]) => ({ ...element, name, repetition_type: "OPTIONAL" })),
  ];
  const columnData = TYPES.map(([name, , data]) => ({ name, data: [...data] }));
  writeFileSync(from("types.parquet"), new Uint8Array(parquetWriteBuffer({ schema: schema as Schema, columnData })));
}

const NESTED: Schema = [
  { name: "root", num_children: 4 },
  { name: "id", type: "INT64", repetition_type: "REQUIRED" },
  { name: "tags", num_children: 1, converted_type: "LIST", repetition_type: "OPTIONAL" },
  { name: "list", num_children: 1, repetition_type: "REPEATED" },
  { name: "element", type: "INT64", repetition_type: "OPTIONAL" },
  { name: "counts", num_children: 1, converted_type: "MAP", repetition_type: "OPTIONAL" },
  { name: "key_value", num_children: 2, repetition_type: "REPEATED" },
  { name: "key", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "REQUIRED" },
  { name: "value", type: "INT32", repetition_type: "OPTIONAL" },
  { name: "person", num_children: 2, repetition_type: "OPTIONAL" },
  { name: "mail", type: "BYTE_ARRAY", converted_type: "UTF8", repetition_type: "OPTIONAL" },
  { name: "scores", num_children: 1, converted_type: "LIST", repetition_type: "OPTIONAL" },
  { name: "list", num_children: 1, repetition_type: "REPEATED" },
  { name: "element", type: "DOUBLE", repetition_type: "OPTIONAL" },
];

function writeNested(): void {
  const columnData = [
    { name: "id", data: [1n, 2n, 3n] },
    { name: "tags", data: [[9007199254740993n, null], [], null] },
    {
      name: "counts",
      data: [
        [
          { key: "b", value: 1 },
          { key: "1", value: null },
        ],
        [],
        null,
      ],
    },
    { name: "person", data: [{ mail: "jane@acme.com", scores: [0.5, null] }, { mail: null, scores: null }, null] },
  ];
  writeFileSync(from("nested.parquet"), new Uint8Array(parquetWriteBuffer({ schema: NESTED, columnData })));
}

/** What another reader (the Rust one of Apache Arrow) makes of a file. */
const asArrow = (path: string): ArrowTable => tableFromIPC(readParquet(new Uint8Array(readFileSync(path))).intoIPCStream());

/** Types and values, bytes as hexadecimal digits. */
const seen = (path: string) => {
  const table = asArrow(path);
  const cell = (value: unknown): unknown => (value instanceof Uint8Array ? Buffer.from(value).toString("hex") : String(value));
  return table.schema.fields.map((field, index) => [String(field), Array.from(table.getChildAt(index)!, cell)]);
};

const copy = (
  source: string | Source,
  tables: Record<string, TablePolicy>,
  target: string | ReturnType<typeof parquetSink> = to("*.parquet"),
) => refresh({ source, target, tables }, { key: TEST_KEY });
const all = (names: readonly string[], rules: TablePolicy = {}): TablePolicy =>
  ({ ...Object.fromEntries(names.map((name) => [name, keep()])), ...rules }) as TablePolicy;

async function cellsOf(source: Source): Promise<Record<string, readonly (string | null)[]>> {
  const { signal } = new AbortController();
  await source.open(signal);
  const [table] = (await source.schema()).tables;
  const cells: Record<string, (string | null)[]> = {};
  for await (const batch of source.read(table!, { columns: table!.columns, batchSize: { maxRows: 2 }, signal }))
    for (const [index, { name }] of table!.columns.entries()) cells[name] = [...(cells[name] ?? []), ...batch.column(index)];
  await source.close();
  return cells;
}

describe("Parquet", () => {
  it("shows masks the text of every type, and writes back what nobody masks with its type", async () => {
    writeTypes();
    expect(await cellsOf(parquetSource({ paths: from() }))).toEqual(
      Object.fromEntries(TYPES.map(([name, , , texts]) => [name, texts])),
    );
    await copy(from("*.parquet"), { types: all(TYPES.map(([name]) => name)) });
    expect(seen(to("types.parquet"))).toEqual(seen(from("types.parquet")));
  });

  it("reads what its own text says back into every type", async () => {
    writeTypes();
    const same = { apply: (text: string) => text };
    const { custom } = await import("../../src/transforms/pieces/custom.ts");
    const twisted = Object.fromEntries(TYPES.map(([name]) => [name, custom(same.apply)]));
    await copy(from("*.parquet"), { types: twisted as TablePolicy });
    expect(seen(to("types.parquet"))).toEqual(seen(from("types.parquet")));
  });

  it("takes lists, structs and maps as JSON, masks within them, and keeps the rest", async () => {
    writeNested();
    expect(await cellsOf(parquetSource({ paths: from() }))).toEqual({
      id: ["1", "2", "3"],
      tags: ["[9007199254740993,null]", "[]", null],
      counts: ['[{"key":"b","value":1},{"key":"1","value":null}]', "[]", null],
      person: ['{"mail":"jane@acme.com","scores":[0.5,null]}', '{"mail":null,"scores":null}', null],
    });
    await copy(from("*.parquet"), {
      nested: all(["id", "tags", "counts"], { person: maskJson({ paths: { "$.mail": redact() } }) }),
    });
    const [before, after] = [seen(from("nested.parquet")), seen(to("nested.parquet"))];
    expect(after.slice(0, 3)).toEqual(before.slice(0, 3));
    expect(after[3]![0]).toBe(before[3]![0]);
    const persons = (await cellsOf(parquetSource({ paths: to() }))).person;
    expect(persons).toEqual(['{"mail":"*************","scores":[0.5,null]}', '{"mail":null,"scores":null}', null]);
  });

  it("reads what another writer wrote: dictionaries, ZSTD, several row groups", async () => {
    const arrow = tableFromArrays({
      id: Int32Array.from({ length: 5000 }, (_, row) => row),
      city: Array.from({ length: 5000 }, (_, row) => `city ${row % 7}`),
    });
    const properties = new WriterPropertiesBuilder().setCompression(Compression.ZSTD).setMaxRowGroupSize(1024).build();
    writeFileSync(from("t.parquet"), writeParquet(WasmTable.fromIPCStream(tableToIPC(arrow, "stream")), properties));
    const memory = new MemorySink();
    await refresh(
      { source: from("t.parquet"), target: memory, tables: { t: { id: tokenize(), city: keep() } } },
      { key: TEST_KEY },
    );
    expect(memory.tables.t!.map(({ city }) => city)).toEqual(Array.from({ length: 5000 }, (_, row) => `city ${row % 7}`));
    expect(new Set(memory.tables.t!.map(({ id }) => id)).size).toBe(5000);
    await copy(
      from("t.parquet"),
      { t: { id: keep(), city: redact() } },
      parquetSink({ folder: to(), codec: "gzip", rowGroupRows: 1000 }),
    );
    const after = asArrow(to("t.parquet"));
    expect([after.numRows, after.getChild("id")!.get(4999), after.getChild("city")!.get(8)]).toEqual([5000, 4999, "******"]);
  });

  it("writes integers of every width so that strict readers read them", async () => {
    const arrow = tableFromArrays({
      i8: Int8Array.of(-128, 127),
      i16: Int16Array.of(-32768, 32767),
      u8: Uint8Array.of(0, 255),
      u16: Uint16Array.of(0, 65535),
      u32: Uint32Array.of(0, 4294967295),
      u64: BigUint64Array.of(0n, 2n ** 64n - 1n),
    });
    writeFileSync(from("t.parquet"), writeParquet(WasmTable.fromIPCStream(tableToIPC(arrow, "stream"))));
    await copy(from("t.parquet"), { t: all(["i8", "i16", "u8", "u16", "u32", "u64"]) });
    expect(seen(to("t.parquet"))).toEqual(seen(from("t.parquet")));
    // Arrow's C++ reader refuses a file whose logical INTEGER has its width in four bytes, as the writer puts it.
    const written = parquetMetadata(Uint8Array.from(readFileSync(to("t.parquet"))).buffer).schema;
    expect(written.map(({ converted_type: converted }) => converted).sort()).toEqual(
      ["INT_16", "INT_8", "UINT_16", "UINT_32", "UINT_64", "UINT_8", undefined].sort(),
    );
    expect(written.filter(({ logical_type: logical }) => logical !== undefined)).toEqual([]);
  });

  it("writes instants that nanoseconds do not hold as the sink's types say", async () => {
    const schema = [
      { name: "root", num_children: 1 },
      {
        name: "at",
        type: "INT64",
        repetition_type: "OPTIONAL",
        logical_type: { type: "TIMESTAMP", isAdjustedToUTC: true, unit: "MICROS" },
      },
    ];
    const far = [-62135596800000000n, 253402300799000000n, null];
    writeFileSync(
      from("t.parquet"),
      new Uint8Array(parquetWriteBuffer({ schema: schema as Schema, columnData: [{ name: "at", data: far }] })),
    );
    for (const [kind, texts] of [
      ["text", ["0001-01-01 00:00:00+00", "9999-12-31 23:59:59+00", null]],
      ["timestamp", ["0001-01-01 00:00:00+00", "9999-12-31 23:59:59+00", null]],
    ] as const) {
      await copy(from("t.parquet"), { t: { at: keep() } }, parquetSink({ folder: to(), types: { t: { at: kind } } }));
      expect(await cellsOf(parquetSource({ paths: to() }))).toEqual({ at: texts });
      expect(String(asArrow(to("t.parquet")).schema.fields[0])).toBe(
        kind === "text" ? "at: Utf8" : "at: Timestamp<MICROSECOND, UTC>",
      );
    }
  });

  it("maps a value as every other system does, and takes rows of JSON Lines", async () => {
    writeFileSync(
      from("users.jsonl"),
      '{"id":7,"mail":"jane@acme.com","born":"1987-03-14","at":"2020-01-01T00:00:00Z","doc":{"a":1},"n":1.5}\n{"id":8}\n',
    );
    const rules = {
      users: {
        id: tokenize({ domain: "id" }),
        mail: tokenize(),
        born: shiftDates({ days: 30 }),
        at: keep(),
        doc: keep(),
        n: keep(),
      },
    };
    const source = jsonlSource({ paths: from(), types: { users: { born: "date", at: "timestamp" } } });
    await copy(source, rules);
    const arrow = asArrow(to("users.parquet"));
    expect(arrow.schema.fields.map(String)).toEqual([
      "id: Int64",
      "mail: Utf8",
      "born: Date32<DAY>",
      "at: Timestamp<MICROSECOND, UTC>",
      "doc: Utf8",
      "n: Utf8",
    ]);
    const memory = new MemorySink();
    await refresh(
      { source: jsonlSource({ paths: from(), types: { users: { born: "date" } } }), target: memory, tables: rules },
      { key: TEST_KEY },
    );
    const cells = await cellsOf(parquetSource({ paths: to() }));
    for (const name of ["id", "mail", "born"]) expect(cells[name]).toEqual(memory.tables.users!.map((row) => row[name]));
    expect(cells).toMatchObject({ at: ["2020-01-01 00:00:00+00", null], doc: ['{"a":1}', null], n: ["1.5", null] });
  });

  it("tells of a value that does not fit with its row, of a broken file, and quotes nothing", async () => {
    writeFileSync(from("t.jsonl"), '{"at":"2020-01-01 00:00:00"}\n{"at":"canary"}\n');
    const source = jsonlSource({ paths: from(), types: { t: { at: "timestamp" } } });
    const unfit = await copy(source, { t: { at: keep() } }).catch((error) => error);
    expect(unfit).toMatchObject({ code: "VALUE_UNSUPPORTED", table: "t", column: "at", row: 2, phase: "during" });
    expect(readdirSync(to())).toEqual([]);
    writeFileSync(from("broken.parquet"), "PAR1canaryPAR1");
    const broken = await copy(from("broken.parquet"), { broken: { at: keep() } }).catch((error) => error);
    expect(broken).toMatchObject({ code: "FORMAT_INVALID", phase: "before" });
    for (const error of [unfit, broken]) expect(`${error.stack}${JSON.stringify(error)}`).not.toContain("canary");
  });

  it("reads ranges that a caller gives, and writes to targets that a caller opens", async () => {
    writeTypes();
    const bytes = readFileSync(from("types.parquet"));
    const asked: number[] = [];
    const slice = (start: number, end = bytes.length) => {
      asked.push(end - start);
      return Uint8Array.from(bytes.subarray(start, end)).buffer;
    };
    const parts: Buffer[] = [];
    const open = () => new PassThrough().on("data", (part) => parts.push(part));
    const source = parquetSource({ files: { types: () => ({ byteLength: bytes.length, slice }) } });
    await copy(source, { types: all(TYPES.map(([name]) => name)) }, parquetSink({ open }));
    expect(Math.max(...asked)).toBeLessThanOrEqual(bytes.length);
    writeFileSync(from("again.parquet"), Buffer.concat(parts));
    expect(seen(from("again.parquet"))).toEqual(seen(from("types.parquet")));
  });

  const peopleBytes = () => {
    const [id, name, note] = [0, 1, 2].map((column) => PEOPLE.map((row) => row[column] ?? null));
    const columnData = [
      { name: "id", data: id! },
      { name: "name", data: name! },
      { name: "note", data: note! },
    ];
    return new Uint8Array(
      parquetWriteBuffer({ columnData: columnData.map((column) => ({ ...column, type: "STRING" as const })), rowGroupSize: 15 }),
    );
  };

  it("keeps the contract of a source", async () => {
    writeFileSync(from("people.parquet"), peopleBytes());
    writeNested();
    expect(await checkSource(() => parquetSource({ paths: from() }))).toEqual([]);
  });

  it("keeps the contract of a sink", async () => {
    writeFileSync(from("people.parquet"), peopleBytes());
    mkdirSync(to());
    const table = await tableOf(parquetSource({ paths: from() }));
    const readRows = async (): Promise<readonly ExamRow[]> => {
      if (!readdirSync(to()).includes("people.parquet")) return [];
      return asArrow(to("people.parquet"))
        .toArray()
        .map((row) => [row.id, row.name, row.note] as ExamRow);
    };
    const exam = { table, rows: PEOPLE, readRows, readTraces: async () => readdirSync(to()).sort() };
    expect(await checkSink(() => parquetSink({ folder: to() }), exam)).toEqual([]);
  });
});
