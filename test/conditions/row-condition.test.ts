import { describe, expect, it } from "vitest";
import { otherColumnsOf, readRowCondition, rowVerdict } from "../../src/conditions/row-condition.ts";
import type { Column } from "../../src/contracts.ts";
import { columnOf, INT4 } from "../transforms/mask-values.ts";

type Cell = string | null;

function ask(
  text: string,
  value: Cell,
  row: Readonly<Record<string, Cell>> = {},
  columns: readonly Column[] = [],
  own: Parameters<typeof columnOf>[0] = "text",
) {
  const read = readRowCondition(text);
  if ("problem" in read) throw new Error(read.problem);
  const others = otherColumnsOf(read.condition).map((name) => columns.find((one) => one.name === name) ?? columnOf("text", name));
  return rowVerdict(read.condition, columnOf(own), others)([value, ...others.map(({ name }) => row[name])]);
}

const problem = (text: string) => {
  const read = readRowCondition(text);
  return "problem" in read ? read.problem : null;
};

describe("a condition of a policy", () => {
  it("reads the value to mask and the columns of its row", () => {
    expect(ask("country = 'DE' and value like '+49%'", "+49 30 1", { country: "DE" })).toBe(true);
    expect(ask("country in ('DE', 'AT')", "x", { country: "FR" })).toBe(false);
    expect(ask("value ~ '^[0-9]+$' or length(value) > 5", "abc")).toBe(false);
    expect(ask("lower(value) = 'jane'", "JANE")).toBe(true);
  });

  it("has three values, as SQL has", () => {
    expect(ask("country = 'DE'", "x", { country: null })).toBeNull();
    expect(ask("country = 'DE' or value = 'x'", "x", { country: null })).toBe(true);
    expect(ask("not country = 'DE'", "x", { country: null })).toBeNull();
    expect(ask("country is null", "x", { country: null })).toBe(true);
    expect(ask("coalesce(country, 'none') = 'none'", "x", { country: null })).toBe(true);
  });

  it("compares by what a column holds", () => {
    const age = columnOf(INT4, "age");
    expect(ask("age >= 9", "x", { age: "10" }, [age])).toBe(true);
    expect(ask("age >= '9'", "x", { age: "10" })).toBe(false);
    const id = columnOf({ kind: "integer", type: "bigint" }, "id");
    expect(ask("id = 9007199254740993", "x", { id: "9007199254740992" }, [id])).toBe(false);
    expect(ask("id > 9007199254740992", "x", { id: "9007199254740993" }, [id])).toBe(true);
    expect(ask("born < '1990-01-01'", "x", { born: "1989-12-31" }, [columnOf("date", "born")])).toBe(true);
    expect(ask("active", "x", { active: "t" }, [columnOf("boolean", "active")])).toBe(true);
    expect(ask("name = 'JANE'", "x", { name: "Jane" }, [columnOf({ kind: "text", ignoresCase: true }, "name")])).toBe(true);
  });

  it("compares numbers of any number of digits exactly", () => {
    const amount = (condition: string, value: string) => ask(condition, value, {}, [], { kind: "decimal", type: "numeric" });
    expect(amount("value = 0.1234567890123456789", "0.1234567890123456788")).toBe(false);
    expect(amount("value > 0.1234567890123456788", "0.1234567890123456789")).toBe(true);
    expect(amount("value = 0.12345678901234567890", "0.123456789012345678900")).toBe(true);
    expect(amount("value < 12345678901234567.89", "12345678901234567.88")).toBe(true);
    expect(amount("value <> -12345678901234567.89", "-12345678901234567.89")).toBe(false);
    expect(amount("value in (1, 12345678901234567.88)", "12345678901234567.89")).toBe(false);
    expect(amount("value in (1, 12345678901234567.89)", "12345678901234567.89")).toBe(true);
    expect(amount("value = 12345678901234567.9", "12345678901234567.90")).toBe(true);
    expect(amount("value between 1 and 1.00000000000000000001", "1.00000000000000000002")).toBe(false);
    expect(amount("value = '12345678901234567.89'", "12345678901234567.89")).toBe(true);
    expect(amount("value = 1.2345678901234567890e3", "1234.567890123456789")).toBe(true);
    expect(amount("value < 2", "1.9999999999999999999999")).toBe(true);
    expect(amount("value > 1e400", "12345678901234567.89")).toBe(false);
  });

  it("calculates with them exactly, and takes their size and their truth", () => {
    const amount = (condition: string, value: string) => ask(condition, value, {}, [], { kind: "decimal", type: "numeric" });
    expect(amount("value - 12345678901234567.88 = 0.01", "12345678901234567.89")).toBe(true);
    expect(amount("value * 2 = 24691357802469135.78", "12345678901234567.89")).toBe(true);
    expect(amount("value % 1 = 0.89", "12345678901234567.89")).toBe(true);
    expect(amount("abs(value) = 12345678901234567.89", "-12345678901234567.89")).toBe(true);
    expect(amount("value", "12345678901234567.89")).toBe(true);
    expect(amount("value::numeric = 12345678901234567.88", "12345678901234567.89")).toBe(false);
  });

  it("takes the remainder in either form, and nothing else for it", () => {
    const age = columnOf(INT4, "age");
    for (const condition of ["mod(age, 2) = 1", "age mod 2 = 1", "age % 2 = 1", "MOD(age + 2, 2) = 1"]) {
      expect(ask(condition, "x", { age: "7" }, [age]), condition).toBe(true);
      expect(ask(condition, "x", { age: "8" }, [age]), condition).toBe(false);
      expect(ask(condition, "x", { age: null }, [age]), condition).toBeNull();
    }
    expect(ask("mod(age, 2) = -1", "x", { age: "-7" }, [age])).toBe(true);
    expect(problem("mod(age) = 1")).toBe("is not understood at character 8");
    expect(problem("mod(age, 2, 3) = 1")).toBe("is not understood at character 11");
    expect(ask('"mod" = 1', "x", { mod: "1" })).toBe(true);
  });

  it("takes whole numbers beyond a double for what they are, with their truth and without their sign", () => {
    const id = columnOf({ kind: "decimal", type: "numeric(40)" }, "id");
    const long = "123456789012345678901234567890123456";
    expect(ask(`abs(id) = ${long}`, "x", { id: `-${long}` }, [id])).toBe(true);
    expect(ask(`abs(id) = ${long}`, "x", { id: `${long.slice(0, -1)}7` }, [id])).toBe(false);
    expect(ask("id and value = 'x'", "x", { id: long }, [id])).toBe(true);
    expect(ask(`mod(id, 10) = 6 and id = ${long}`, "x", { id: long }, [id])).toBe(true);
  });

  it("compares doubles as doubles, whatever is written beside them", () => {
    const size = columnOf({ kind: "float", type: "double precision" }, "size");
    expect(ask("size = 0.12345678901234567890", "x", { size: "0.12345678901234568" }, [size])).toBe(true);
    expect(ask("size in (1, 0.12345678901234567890)", "x", { size: "0.12345678901234568" }, [size])).toBe(true);
    expect(ask("size > 1e300", "x", { size: "Infinity" }, [size])).toBe(true);
    const price = columnOf("decimal", "price");
    expect(ask("price::double precision = 0.12345678901234568", "x", { price: "0.12345678901234567890" }, [price])).toBe(true);
  });

  it("looks at the signs of a number as it is written", () => {
    expect(ask("value like '%0'", "1.50", {}, [], { kind: "decimal", type: "numeric" })).toBe(true);
    expect(ask("value ~ '^[0-9][.]50$' and length(value) = 4 and value = 1.5", "1.50", {}, [], "decimal")).toBe(true);
  });

  it("takes truth as servers write it, and a text beside it by its word", () => {
    const flag = columnOf({ kind: "boolean", type: "tinyint(1)" }, "flag");
    expect(ask("flag", "x", { flag: "2" }, [flag])).toBe(true);
    expect(ask("flag = 2", "x", { flag: "2" }, [flag])).toBe(true);
    expect(ask("flag = 'true' and not flag in ('off')", "x", { flag: "t" }, [columnOf("boolean", "flag")])).toBe(true);
    expect(ask("value = true", "Yes")).toBe(true);
    expect(ask("value = true", "maybe")).toBeUndefined();
  });

  it("reads no number in a text that only JavaScript takes for one", () => {
    for (const text of ["0x10", "0b11", "0o7", " ", ""]) expect(ask("value > 1", text), text).toBeUndefined();
    expect(ask("value > 1", " 12 ")).toBe(true);
  });

  it("finds a text in a list of texts as it compares it with each", () => {
    expect(ask("value in ('a', 'B')", "b", {}, [], { kind: "text", ignoresCase: true })).toBe(true);
    expect(ask("value in ('a', 'B')", "b")).toBe(false);
    expect(ask("value not in ('a', null)", "b")).toBeNull();
    expect(ask("value in ('1', '2')", "02", {}, [], INT4)).toBe(true);
  });

  it("cannot tell where two sides do not go together", () => {
    expect(ask("age > 5", "x", { age: "old" })).toBeUndefined();
  });

  it("takes a name in quotes for a column", () => {
    expect(ask('"value" = 1 and value = 2', "2", { value: "1" })).toBe(true);
  });

  it("says where it is not understood", () => {
    expect(problem("country = ")).toBe("ends too early");
    expect(problem("country == 'DE'")).toBe("is not understood at character 10");
    expect(problem("country = 'DE' ; drop")).toBe("is not understood at character 16");
    expect(problem("value in 5")).toBe("is not understood at character 10");
    expect(problem("a = 'b' c")).toBe("is not understood at character 9");
    expect(problem("pg_sleep(5) = 1")).toMatch(/^calls pg_sleep, which is none of abs, /);
    expect(problem("a / 2 = 1")).toMatch(/divides/);
    expect(problem("value ~ pattern")).toBe("has a pattern that is no text in quotes");
    expect(problem("value ~ '(a+)+$'")).toMatch(/may take time without end/);
    expect(problem("value ~ '['")).toMatch(/is no regular expression/);
    expect(problem("value = ARRAY['a']")).toMatch(/array/);
  });
});
