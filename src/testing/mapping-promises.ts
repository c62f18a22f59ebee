import type { Guarantees, MaskedValues } from "../contracts.ts";
import { needsKey } from "../inner-rules.ts";
import { canonicalOf } from "../keys/canonical.ts";
import { ignoresDomain } from "./domain-promise.ts";
import { type Circumstances, isSame, type Masked, type Sitting, sit } from "./mask-sitting.ts";
import type { ElsewhereTask, RuleElsewhere } from "./other-process.ts";

/** Rows that are masked again one by one: each costs a call. */
const ONE_BY_ONE = 300;

/** What a transform says of its mapping: the same in any order and batch, another under another key, two inputs that never meet. */
export async function brokenMappingPromises(
  sitting: Sitting,
  usual: Circumstances,
  others: readonly Pick<Circumstances, "key" | "domain">[],
  base: Masked,
): Promise<string[]> {
  const { transform, options } = sitting.rule;
  const guarantees = transform.guarantees(options, sitting.column);
  const broken = brokenUniqueness(sitting, guarantees, base.values);
  if (guarantees.reversible && guarantees.uniqueness.kind !== "preserved")
    broken.push("says that it can be reversed, and does not say that uniqueness is preserved");
  const isByValue = transform.windowRows(options) <= 1;
  if (guarantees.deterministic) {
    broken.push(...(await brokenDeterminism(sitting, usual, base.values)));
    if (!isByValue) broken.push("says that it is deterministic, and depends on the rows around a value (windowRows)");
  }
  if (needsKey(sitting.rule)) broken.push(...(await brokenKeying(sitting, usual, others, base)));
  return broken;
}

async function brokenDeterminism(sitting: Sitting, usual: Circumstances, base: MaskedValues): Promise<string[]> {
  const broken: string[] = [];
  const expectSame = async (what: string, changed: Sitting, batchRows: number, expected: MaskedValues) => {
    const outcome = await sit(changed, { ...usual, batchRows });
    if (outcome.kind !== "masked") broken.push(`${outcome.why} ${what}`);
    else {
      const row = outcome.values.findIndex((value, index) => value !== expected[index]);
      if (row >= 0) broken.push(`gives another output ${what} (row ${row + 1})`);
    }
  };
  const rows = sitting.values.length;
  const reversed = Array.from({ length: rows }, (_, index) => rows - 1 - index);
  await expectSame("when it is prepared anew", sitting, rows, base);
  await expectSame("in batches of 7 rows", sitting, 7, base);
  const few = reversed.slice(-ONE_BY_ONE).reverse();
  await expectSame(
    "row by row",
    picked(sitting, few),
    1,
    few.map((row) => base[row]),
  );
  await expectSame(
    "in another order",
    picked(sitting, reversed),
    rows,
    reversed.map((row) => base[row]),
  );
  const twice = [...few, ...few];
  await expectSame(
    "when its rows occur again",
    picked(sitting, twice),
    few.length + 3,
    twice.map((row) => base[row]),
  );
  return broken;
}

/** The same rows in another process. */
export async function brokenElsewhere(
  { rule, column, values, others }: Sitting,
  { domain }: Circumstances,
  base: Masked,
  { key, elsewhere }: { readonly key?: ElsewhereTask["key"]; readonly elsewhere?: RuleElsewhere | undefined },
): Promise<string[]> {
  if (elsewhere === undefined || !rule.transform.guarantees(rule.options, column).deterministic) return [];
  const there = await elsewhere.mask({ sitting: { column, values, others }, key, domain });
  if (typeof there === "string") return [there];
  const row = there.findIndex((value, index) => value !== base.values[index]);
  return row < 0 ? [] : [`gives another output in another process (row ${row + 1})`];
}

/** The same rows, but those and in the order that `order` says. */
function picked(sitting: Sitting, order: readonly number[]): Sitting {
  const pick = (values: Sitting["values"]) => order.map((row) => values[row]!);
  const others = sitting.others.map(({ column, values }) => ({ column, values: pick(values) }));
  return { ...sitting, values: pick(sitting.values), others };
}

async function brokenKeying(
  sitting: Sitting,
  usual: Circumstances,
  others: readonly Pick<Circumstances, "key" | "domain">[],
  base: Masked,
): Promise<string[]> {
  const broken: string[] = [];
  // Nothing that could be another under another key: fixed points, NULL, values that it cannot handle.
  if (!base.values.some((value, row) => typeof value === "string" && !isFixed(sitting, row))) return broken;
  const otherKeys = others.map(({ key }) => ({ ...usual, key }));
  if (!(await differsUnderAny(sitting, otherKeys, base.values))) broken.push("gives the same output under another key");
  const otherDomains = others.map(({ domain }) => domain);
  if (await ignoresDomain(sitting, usual, otherDomains, base)) broken.push("gives the same output under another domain");
  return broken;
}

/** A few values of a small range (true, false) are the same by chance: under several keys they are not. */
async function differsUnderAny(sitting: Sitting, all: readonly Circumstances[], base: MaskedValues): Promise<boolean> {
  for (const circumstances of all) {
    const outcome = await sit(sitting, circumstances);
    if (outcome.kind !== "masked" || !isSame(outcome.values, base)) return true;
  }
  return false;
}

function isFixed({ rule, column, values }: Sitting, row: number): boolean {
  const value = values[row]!;
  return value !== null && rule.transform.fixedPoints?.isFixed(value, rule.options, column) === true;
}

/** Where a collision by chance has at most this probability, one that happens is no chance. */
const NEVER = 1e-6;

function brokenUniqueness({ column, values }: Sitting, { uniqueness }: Guarantees, base: MaskedValues): string[] {
  if (uniqueness.kind === "lossy") return [];
  if (uniqueness.kind === "unlikely-lost" && values.length ** 2 / 2 ** (uniqueness.bits + 1) > NEVER) return [];
  const canonical = canonicalOf(column) ?? ((value: string) => value);
  const inputs = new Map<string, number>();
  for (const [row, value] of values.entries()) {
    if (value !== null && base[row] !== undefined && !inputs.has(canonical(value))) inputs.set(canonical(value), row);
  }
  const outputs = new Map<string, number>();
  for (const [row, value] of base.entries()) {
    if (typeof value === "string" && !outputs.has(canonical(value))) outputs.set(canonical(value), row);
  }
  const lost = inputs.size - outputs.size;
  return lost > 0
    ? [`says that uniqueness is ${uniqueness.kind}, and ${lost} of ${inputs.size} different values met another`]
    : [];
}
