import { describe, expect, it } from "vitest";
import type { ColumnValues, Guarantees, RowBatch } from "../../src/contracts.ts";
import { StandinError } from "../../src/errors.ts";
import { createColumnPrf } from "../../src/keys/column-prf.ts";
import { checkTransform, type TransformExam } from "../../src/testing/index.ts";
import { defineTransform, EMPTY_STAYS, eachValue, type TransformDefinition } from "../../src/transforms/define-transform.ts";
import { nullify } from "../../src/transforms/plain/nullify.ts";

const PROMISING: Guarantees = {
  deterministic: true,
  uniqueness: { kind: "lossy" },
  reversible: false,
  preservesLength: false,
  changesInput: "not-promised",
};

type Definition = TransformDefinition<Record<never, never>>;

/** A transform of text that promises little and keeps it, but for what is said. */
const ruleOf = (given: Partial<Definition> & { readonly promises?: Partial<Guarantees> }) => {
  const { promises, ...definition } = given;
  return defineTransform({
    name: "mangle",
    technique: "perturbation",
    accepts: ["text"],
    guarantees: { ...PROMISING, ...promises },
    options: {},
    prepare: () => eachValue((value) => `${value}!`),
    ...definition,
  })();
};

const expectBroken = async (given: Parameters<typeof ruleOf>[0], sentence: RegExp, exam: TransformExam = {}) =>
  expect((await checkTransform(ruleOf(given), { column: "text", ...exam })).join("\n")).toMatch(sentence);

/** A keyed mask: the first hex digits of the PRF. */
const keyed = (deriveKey: (purpose: string) => Uint8Array) => {
  const prf = createColumnPrf(deriveKey("mangle"));
  return (values: ColumnValues) => {
    const words = prf.words(values);
    return values.map((value, row) => (value === null || value === "" ? value : `m${words[row * 4]}-${words[row * 4 + 1]}`));
  };
};

describe("checkTransform", () => {
  it("finds nothing wrong with a transform that keeps its promises", async () => {
    expect(
      await checkTransform(ruleOf({ promises: { uniqueness: { kind: "preserved" }, changesInput: "always" } }), {
        column: { kind: "text", type: "text" },
      }),
    ).toEqual([]);
    const honest = ruleOf({
      isKeyed: true,
      fixedPoints: EMPTY_STAYS,
      promises: { uniqueness: { kind: "unlikely-lost", bits: 64 }, changesInput: "always" },
      maxOutputLength: () => 22,
      prepare: (_, { deriveKey }) => keyed(deriveKey),
    });
    expect(await checkTransform(honest)).toEqual([]);
    expect(await checkTransform(nullify)).toEqual([]);
  });

  it("finds what depends on the order, the batch, or what came before", async () => {
    const counting = () => {
      let seen = 0;
      return eachValue(() => String(seen++));
    };
    await expectBroken(
      { prepare: counting },
      /another output row by row|another output in batches|another output in another order/,
    );
    await expectBroken(
      { prepare: () => (values, batch) => values.map((value) => value && `${batch.rowCount}`) },
      /in batches of 7 rows/,
    );
    await expectBroken(
      {
        prepare:
          () =>
          (values, { firstRow }) =>
            values.map((value, row) => value && `${firstRow + row}`),
      },
      /in another order/,
    );
    let prepared = 0;
    const anew = () => {
      const own = prepared++;
      return eachValue((value) => `${value}${own}`);
    };
    await expectBroken({ prepare: anew }, /when it is prepared anew/);
    const cached = () => {
      const known = new Set<string>();
      return eachValue((value) => {
        if (known.has(value)) return "again";
        known.add(value);
        return value;
      });
    };
    await expectBroken({ prepare: cached }, /when its rows occur again/);
  });

  it("finds inputs that meet", async () => {
    await expectBroken(
      { promises: { uniqueness: { kind: "preserved" } }, prepare: () => eachValue((value) => value.toLowerCase()) },
      /uniqueness is preserved, and 1 of 2 different values met another/,
      { values: ["Ana", "ANA"] },
    );
    const short = eachValue(
      (value) => `${[...value].reduce((sum, character) => (sum * 31 + character.codePointAt(0)!) % 65_536, 7)}`,
    );
    await expectBroken({ promises: { uniqueness: { kind: "unlikely-lost", bits: 64 } }, prepare: () => short }, /unlikely-lost/);
    await expectBroken({ promises: { reversible: true } }, /can be reversed/);
  });

  it("finds broken words about length and change", async () => {
    await expectBroken({ promises: { preservesLength: true } }, /preserves the length/);
    await expectBroken({ maxOutputLength: () => 5 }, /more characters than the 5/);
    await expectBroken({}, /more characters than the column holds/, { column: { kind: "text", maxLength: 3 }, values: ["abc"] });
    const sometimes = () => eachValue((value) => (value.length > 3 ? `${value}!` : value));
    await expectBroken(
      { promises: { changesInput: "always" }, prepare: sometimes },
      /changes its input always, and leaves \d+ of/,
    );
    await expectBroken({ promises: { changesInput: "almost-always" }, prepare: sometimes }, /almost-always/, {
      values: ["a", "b", "cdef"],
    });
    await expectBroken({ fixedPoints: EMPTY_STAYS }, /declares a fixed point/);
    await expectBroken({ fixedPoints: EMPTY_STAYS, prepare: () => eachValue((value) => value || undefined) }, /fixed point/);
  });

  it("finds what is wrong about NULL", async () => {
    await expectBroken({ prepare: () => (values) => values.map((value) => value ?? "none") }, /gives text for NULL/);
    await expectBroken({ prepare: () => (values) => values.map((value) => value || null) }, /gives NULL for a value/);
    await expectBroken({ prepare: () => (values) => values.map((value) => value!.trim()) }, /threw TypeError while it masked/);
    await expectBroken(
      { prepare: () => (values) => (values[0]!.length > 0 ? values : values) },
      /on an empty batch|on a batch of NULL/,
    );
    const moving = ruleOf({ seesNull: true, promises: { deterministic: false }, prepare: () => (values) => values.toReversed() });
    expect(await checkTransform(moving, { column: "text" })).toEqual([]);
  });

  it("finds outputs that the column's kind does not hold", async () => {
    const cases = [
      ["integer", "1.5"],
      ["date", "2023-02-29"],
      ["timestamp", "yesterday"],
      ["uuid", "not-a-uuid"],
      ["json", "{"],
      ["boolean", "maybe"],
      ["enum", "purple"],
      ["decimal", "1,5"],
    ] as const;
    for (const [kind, output] of cases) {
      const rule = ruleOf({ accepts: [kind], prepare: () => eachValue(() => output) });
      expect((await checkTransform(rule)).join("\n"), kind).toMatch(
        /makes a valid cell into one that a column of type .* does not hold \(row \d+\)/,
      );
    }
    const beyond = ruleOf({ accepts: ["integer"], prepare: () => eachValue(() => "70000") });
    expect((await checkTransform(beyond)).join("\n")).toMatch(/smallint/);
    const beyondPrecision = ruleOf({ accepts: ["decimal"], prepare: () => eachValue(() => "123456789.00") });
    expect((await checkTransform(beyondPrecision)).join("\n")).toMatch(/numeric\(10,2\)/);
  });

  it("finds a kind that it accepts and cannot handle, and one that refuses everything", async () => {
    await expectBroken({ prepare: () => eachValue(() => undefined) }, /can handle none/);
    await expectBroken({ checkColumn: () => ["never"] }, /refuses every column of the exam \(never\)/);
  });

  it("finds columns that are read in secret, and originals that are changed", async () => {
    const peeking = (values: ColumnValues, batch: RowBatch) => values.map((value, row) => value && batch.column(1)[row]!);
    await expectBroken({ prepare: () => peeking }, /does not declare/);
    const declared = ruleOf({ reads: () => ["id"], prepare: () => peeking, promises: { uniqueness: { kind: "lossy" } } });
    expect(await checkTransform(declared, { column: "text" })).toEqual([]);
    const spoiling = (values: ColumnValues) => {
      (values as (string | null)[])[0] = "spoilt";
      return values.map((value) => value && "x");
    };
    await expectBroken({ prepare: () => spoiling }, /changes the originals/);
    const replacing = (values: ColumnValues, batch: RowBatch) => {
      batch.replace(0, values);
      return values;
    };
    await expectBroken({ prepare: () => replacing }, /sets cells of the batch itself/);
  });

  it("finds output memory that is written again", async () => {
    const shared = () => {
      const scratch: (string | null)[] = [];
      return (values: ColumnValues) => {
        scratch.length = 0;
        scratch.push(...values.map((value) => value && `${value}!`));
        return scratch;
      };
    };
    await expectBroken({ prepare: shared }, /writes again to what it gave back/);
  });

  it("finds a key that is not used, used in secret, or shared between domains", async () => {
    await expectBroken({ isKeyed: true }, /same output under another key/);
    await expectBroken(
      { isKeyed: true, fixedPoints: EMPTY_STAYS, prepare: () => keyed(() => new Uint8Array(32)) },
      /under another domain/,
    );
    await expectBroken({ prepare: (_, { deriveKey }) => keyed(deriveKey) }, /does not say that it is keyed/);
  });

  it("finds another number of values, and an error that quotes a cell", async () => {
    await expectBroken({ prepare: () => (values) => values.slice(1) }, /another number of values/);
    const quoting = eachValue((value) => {
      throw new StandinError("TRANSFORM_FAILED", `cannot handle ${value}`);
    });
    await expectBroken({ prepare: () => quoting }, /its error quotes a cell/, { values: ["canary-4711"] });
  });

  it("tells rows, and never a cell", async () => {
    const failing = eachValue((value) => {
      throw new Error(`cannot handle ${value}`);
    });
    for (const prepare of [() => failing, () => eachValue((value: string) => value.slice(1))]) {
      const broken = await checkTransform(ruleOf({ prepare, promises: { preservesLength: true, changesInput: "always" } }), {
        column: "text",
        values: ["canary-1", "canary-2", null],
      });
      expect(broken).not.toEqual([]);
      expect(broken.join()).not.toMatch(/anary/);
    }
  });
});
