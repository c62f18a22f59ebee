import fc from "fast-check";
import pg from "pg";
import { expect, it } from "vitest";
import type { Rule } from "../../src/contracts.ts";
import { refresh } from "../../src/refresh.ts";
import { shiftDates } from "../../src/transforms/dates/shift-dates.ts";
import { decode } from "../../src/transforms/documents/decode.ts";
import { maskArray } from "../../src/transforms/documents/mask-array.ts";
import { maskComposite } from "../../src/transforms/documents/mask-composite.ts";
import { maskHstore } from "../../src/transforms/documents/mask-hstore.ts";
import { maskJson } from "../../src/transforms/documents/mask-json.ts";
import { maskRange } from "../../src/transforms/documents/mask-range.ts";
import { maskXml } from "../../src/transforms/documents/mask-xml.ts";
import { addNoise } from "../../src/transforms/numbers/add-noise.ts";
import { custom } from "../../src/transforms/pieces/custom.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { tokenize } from "../../src/transforms/tokens/tokenize.ts";
import { describeWithPostgres, withDatabases } from "../servers/postgres-server.ts";
import { TEST_KEY } from "../test-key.ts";

async function run(url: string, sql: string, values: readonly unknown[] = []): Promise<unknown[][]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    const result = await client.query({ text: sql, values: [...values], rowMode: "array" });
    return (result.rows ?? []) as unknown[][];
  } finally {
    await client.end();
  }
}

/** A mask whose answers need every quote and escape that there is. */
const awkward = (value: string) => (value.length % 5 === 4 ? "" : `${value}"\\, {(é`);
const mask = custom(awkward);

async function copy(source: string, target: string, ddl: string, rules: { [column: string]: Rule }): Promise<void> {
  await run(target, ddl);
  await refresh({ source, target, tables: { t: rules } }, { key: TEST_KEY });
}

const text = fc.stringMatching(/^[a-c "\\,{}()=>'NULnul\n\t🙂é]{0,6}$/u);
const nullable = fc.option(text, { nil: null });
const cells = fc.sample(fc.array(nullable, { minLength: 3, maxLength: 3 }), { numRuns: 300, seed: 4 });
const masked = (cell: string | null) => (cell === null ? null : awkward(cell));

describeWithPostgres("in PostgreSQL, values within values", () => {
  it("of arrays, hstores and rows are what the masks gave, and the rest is as it was", async () => {
    await withDatabases(["source", "target"], async (source, target) => {
      const ddl = `CREATE EXTENSION IF NOT EXISTS hstore; CREATE TYPE trio AS (a text, b text, c text);
        CREATE TABLE t (id serial PRIMARY KEY, one text[], two text[], h hstore, r trio, rs trio[],
          wanted_one text[], wanted_two text[], wanted_h hstore, wanted_r trio, wanted_rs trio[]);`;
      await run(source, ddl);
      await run(
        source,
        `INSERT INTO t (one, two, h, r, rs, wanted_one, wanted_two, wanted_h, wanted_r, wanted_rs)
         SELECT ARRAY[a, b, c], ARRAY[[a, b], [b, c]], hstore(ARRAY['a', k, 'c "='], ARRAY[a, b, c]), ROW(a, b, c)::trio, ARRAY[ROW(a, b, c)::trio],
           ARRAY[ma, mb, mc], ARRAY[[ma, mb], [mb, mc]], hstore(ARRAY['a', k, 'c "='], ARRAY[ma, b, mc]), ROW(a, mb, c)::trio, ARRAY[ROW(a, mb, c)::trio]
         FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) AS v (a, b, c, ma, mb, mc, k)`,
        [
          ...[0, 1, 2].map((index) => cells.map((row) => row[index])),
          ...[0, 1, 2].map((index) => cells.map((row) => masked(row[index]!))),
          cells.map((row) => `key ${row[0] ?? ""}`),
        ],
      );
      await copy(source, target, ddl, {
        id: keep(),
        one: maskArray({ items: mask }),
        two: maskArray({ items: mask }),
        h: maskHstore({ keys: { a: mask, 'c "=': mask } }),
        r: maskComposite({ fields: { b: mask } }),
        rs: maskArray({ items: maskComposite({ fields: { b: mask } }) }),
        ...Object.fromEntries(["one", "two", "h", "r", "rs"].map((name) => [`wanted_${name}`, keep()])),
      });
      const wrong = await run(
        target,
        `SELECT count(*) FILTER (WHERE one IS DISTINCT FROM wanted_one), count(*) FILTER (WHERE two IS DISTINCT FROM wanted_two),
           count(*) FILTER (WHERE h IS DISTINCT FROM wanted_h), count(*) FILTER (WHERE r::text IS DISTINCT FROM wanted_r::text),
           count(*) FILTER (WHERE rs::text IS DISTINCT FROM wanted_rs::text), count(*) FROM t`,
      );
      expect(wrong).toEqual([["0", "0", "0", "0", "0", "300"]]);
    });
  });

  it("of json, jsonb, xml and bytes change at their places alone", async () => {
    await withDatabases(["source", "target"], async (source, target) => {
      const ddl = "CREATE TABLE t (id integer PRIMARY KEY, j json, b jsonb, x xml, y bytea);";
      const document = `{ "id" : 12345678901234567890, "mail":"a", "mail" : "b\\u00e9",\n "n": 1.500, "list": [ {"mail": null} ] }`;
      await run(source, ddl);
      await run(source, "INSERT INTO t VALUES (1, $1::text::json, $1::text::jsonb, $2, $3)", [
        document,
        '<p id="7"><!-- c --><mail>a &amp; b</mail></p>',
        Buffer.from("jané"),
      ]);
      const rule = maskJson({ paths: { "$..mail": custom((value) => `<${value}>`) } });
      await copy(source, target, ddl, {
        id: keep(),
        j: rule,
        b: rule,
        x: maskXml({ paths: { "//mail": custom((value) => `<${value}>`), "/p/@id": custom(() => '"8"') } }),
        y: decode({ as: "hex", then: custom((value) => value.toUpperCase()) }),
      });
      const [row] = await run(target, "SELECT j::text, b::text, x::text, convert_from(y, 'UTF8') FROM t");
      expect(row).toEqual([
        document.replace('"a"', '"<a>"').replace('"b\\u00e9"', '"<b\\u00e9>"'),
        '{"n": 1.500, "id": 12345678901234567890, "list": [{"mail": null}], "mail": "<bé>"}',
        '<p id="&quot;8&quot;"><!-- c --><mail>&lt;a &amp; b&gt;</mail></p>',
        "JANÉ",
      ]);
    });
  });

  it("of ranges, numbers and ids are accepted by their types", async () => {
    await withDatabases(["source", "target"], async (source, target) => {
      const ddl = `CREATE TABLE t (id integer PRIMARY KEY, d daterange, s tstzrange, n numrange, m datemultirange, i int8range, k bigint[], p numeric(9,2)[], f date[]);`;
      await run(source, ddl);
      await run(
        source,
        `INSERT INTO t SELECT g, daterange(date '2024-01-01' + g, date '2024-01-08' + g), tstzrange(now(), now() + interval '90 minutes', '[]'),
           numrange(g * 1.5, g * 2.5, '(]'), datemultirange(daterange('2024-01-01', '2024-02-01'), daterange('2024-03-01', null)), int8range(g * 100, null),
           ARRAY[g, g * 1000000007::bigint, NULL], ARRAY[g + 0.25], ARRAY[date '2000-02-29', 'infinity']
         FROM generate_series(1, 200) g UNION ALL SELECT 0, 'empty', 'empty', '(,)', '{}', 'empty', '{}', '[5:6]={1,2}', '{}'`,
      );
      await copy(source, target, ddl, {
        id: keep(),
        d: maskRange({ bounds: shiftDates({ by: "id" }) }),
        s: maskRange({ bounds: shiftDates({ by: "id" }) }),
        n: maskRange({ bounds: addNoise({ ratio: 0.5 }) }),
        m: maskRange({ bounds: shiftDates({ by: "id" }) }),
        i: maskRange({ bounds: tokenize() }),
        k: maskArray({ items: tokenize() }),
        p: maskArray({ items: addNoise() }),
        f: maskArray({ items: shiftDates() }),
      });
      const [counts] = await run(
        target,
        `SELECT count(*), count(*) FILTER (WHERE upper(d) - lower(d) = 7), count(*) FILTER (WHERE upper(s) - lower(s) = interval '90 minutes'),
           count(*) FILTER (WHERE lower_inf(range_merge(m)) = false AND upper_inf(range_merge(m))), count(*) FILTER (WHERE cardinality(k) = 3),
           count(DISTINCT k), count(*) FILTER (WHERE p[1] <> id + 0.25) FROM t WHERE id > 0`,
      );
      expect(counts).toEqual(["200", "200", "200", "200", "200", "200", expect.any(String)]);
      expect(await run(target, "SELECT d::text, n::text, m::text, k::text, substr(p::text, 1, 6) FROM t WHERE id = 0")).toEqual([
        ["empty", "(,)", "{}", "{}", "[5:6]="],
      ]);
    });
  });
});
