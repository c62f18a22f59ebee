import type { Table } from "../contracts.ts";
import { type Finding, StandinError } from "../errors.ts";
import { isNamed } from "../plan/table-patterns.ts";
import type { AnonymityPolicy } from "../policy/define-policy.ts";
import { tableName } from "../table-ref.ts";
import type { Anonymity } from "./anonymity.ts";
import type { TargetSide } from "./watch-target.ts";

/** By table, as a policy names it. */
export type AnonymityByTable = Readonly<Record<string, AnonymityPolicy>>;

const WANTED_K = 5;
const WANTED_L = 2;

/** Finds the tables that are named. Throws TABLE_UNKNOWN and COLUMN_UNKNOWN. */
export function findAnonymity(wanted: AnonymityByTable, tables: readonly Table[]): ReadonlyMap<string, AnonymityPolicy> {
  const found = new Map<string, AnonymityPolicy>();
  for (const [name, options] of Object.entries(wanted)) {
    const table = tables.find(({ ref }) => isNamed(ref, name));
    if (table === undefined)
      throw new StandinError("TABLE_UNKNOWN", `The copy has no table ${name}, whose risk is to be counted.`, { table: name });
    for (const column of [...options.quasiIdentifiers, ...(options.sensitive ?? [])])
      if (!table.columns.some((one) => one.name === column && !one.isGenerated))
        throw new StandinError(
          "COLUMN_UNKNOWN",
          `The copy's ${name} has no column ${column}, by which its risk is to be counted.`,
          {
            table: name,
            column,
          },
        );
    found.set(tableName(table.ref), options);
  }
  return found;
}

/** Says where people are too easily told apart, or too much is learned of them. */
export function judgeAnonymity(sides: readonly TargetSide[], wanted: ReadonlyMap<string, AnonymityPolicy>): readonly Finding[] {
  return sides.flatMap(({ table, anonymity }) => {
    const name = tableName(table.ref);
    return anonymity === null ? [] : tooFew(name, anonymity.result(), wanted.get(name)!);
  });
}

function tooFew(table: string, { k, l, belowShare }: Anonymity, options: AnonymityPolicy): readonly Finding[] {
  const findings: Finding[] = [];
  const low = (message: string, hint: string) =>
    findings.push({ code: "ANONYMITY_LOW", severity: "error", message: `${table}: ${message}`, table, hint });
  const { quasiIdentifiers, sensitive = [], k: wantedK = WANTED_K, l: wantedL = WANTED_L } = options;
  const by = quasiIdentifiers.join(", ");
  if (belowShare > 0)
    low(
      `${percent(belowShare)} of the rows are in classes of fewer than ${wantedK} by ${by}; the smallest has ${k}.`,
      "Generalise these columns: generalizeDate, generalizeAge, bucketNumber, redact({ keepFirst: … }).",
    );
  for (const column of sensitive)
    if (l[column]! < wantedL && belowShare < 1)
      low(
        `some class by ${by} has ${l[column]} different ${column}, fewer than ${wantedL}: who knows the class knows it.`,
        `Generalise ${by} further, or mask ${column}.`,
      );
  return findings;
}

function percent(share: number): string {
  return `${(share * 100).toLocaleString("en", { maximumSignificantDigits: 2 })} %`;
}
