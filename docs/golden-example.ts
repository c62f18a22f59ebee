import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import type { Rule } from "../src/contracts.ts";
import { isRule } from "../src/inner-rules.ts";
import { parsePolicy } from "../src/policy/parse/parse-policy.ts";

const GOLDEN = join(import.meta.dirname, "..", "test", "golden");

/** A longer value shows nothing more. */
const LONGEST = 160;

interface Cell {
  readonly original: string | null;
  readonly masked: string | null;
}

/** A value and its stand-in under the test key, out of the golden files. */
export interface GoldenExample extends Cell {
  readonly column: string;
  /** The rule as data, as a policy writes it. */
  readonly written: unknown;
  /** Cells of the same row that the rule looks at. */
  readonly others: readonly (Cell & { readonly column: string })[];
}

/** The first value that the transform changes in its golden folder, else the first one that there is. Undefined where it has no folder. */
export function goldenExample(name: string): GoldenExample | undefined {
  const folder = join(GOLDEN, name);
  if (!existsSync(folder)) return undefined;
  const data = JSON.parse(readFileSync(join(folder, "policy.json"), "utf8"));
  const written: Readonly<Record<string, unknown>> = data.tables.in;
  const rules = Object.entries(parsePolicy(data).tables.in as Record<string, unknown>);
  const [before, after] = [recordsOf(join(folder, "in.csv")), recordsOf(join(folder, "out.csv"))];
  const examples = rules
    .filter((entry): entry is [string, Rule] => isRule(entry[1]) && entry[1].transform.name === name)
    .flatMap(([column, rule]) =>
      before.map((record, row): GoldenExample => {
        const cell = (of: string) => ({ column: of, original: record[of] ?? null, masked: after[row]![of] ?? null });
        return { ...cell(column), written: written[column], others: namesRead(rule, column).map(cell) };
      }),
    )
    .filter(({ original, masked }) => original && Math.max(original.length, masked?.length ?? 0) < LONGEST);
  return examples.find(({ original, masked }) => original !== masked) ?? examples[0];
}

function namesRead({ transform, options }: Rule, own: string): readonly string[] {
  const names = [...(transform.reads?.(options) ?? []), ...(transform.readsMasked?.(options) ?? [])];
  return [...new Set(names)].filter((name) => name !== own);
}

/** In a CSV file of ours NULL is what stands without quotes and is empty. */
function recordsOf(file: string): readonly Readonly<Record<string, string | null>>[] {
  return parse(readFileSync(file), { columns: true, cast: (value, { quoting }) => (value === "" && !quoting ? null : value) });
}
