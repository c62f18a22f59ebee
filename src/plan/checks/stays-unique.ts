import type { Table } from "../../contracts.ts";
import { tableName } from "../../table-ref.ts";
import { counted } from "../../written-numbers.ts";
import type { ColumnPlan } from "../plan.ts";
import type { KeyPart } from "./key-parts.ts";

/** The chance of a collision that a plan accepts. */
const ACCEPTED = 1e-6;
/** Where nobody knows the number of rows, the bound is taken at this many. */
const UNKNOWN_ROWS = 100_000_000;
/** An estimate of a few rows is soon outgrown. */
const FEWEST_ROWS = 1000;

export interface Answer {
  /** What may go wrong, null where nothing can. */
  readonly why: string | null;
  readonly severity: "error" | "warning";
}

const FINE: Answer = { why: null, severity: "error" };

/**
 * Whether the mask of a key's column keeps the key: as the key compares, at the rows that the table has. `isWhole` says that the key is the column alone,
 * in every row.
 */
export function howUnique(table: Table, plan: ColumnPlan, part: KeyPart, isWhole: boolean): Answer {
  const { uniqueness } = plan.guarantees!;
  const { transform, options, onUnsupported } = plan.rule!;
  const place = `${tableName(table.ref)}.${part.column}`;
  const lost = (why: string): Answer => ({ why, severity: "error" });
  if (part.isOverlap) return lost(`${transform.name} moves ${place}, which may then overlap with another row's`);
  if (uniqueness.kind === "lossy") return lost(`${transform.name} can give two values of ${place} the same output`);
  if (!isWhole && transform.windowRows(options) > 1)
    return lost(`${transform.name} moves the values of ${place} to other rows, beside which they may be there already`);
  if (onUnsupported === "redact")
    return lost(`what ${transform.name} cannot handle in ${place} is redacted, and may then be equal`);
  if (part.prefix !== null) {
    const longest = transform.maxOutputLength(options, plan.column);
    if (longest === null || longest > part.prefix)
      return lost(
        `the key compares the first ${part.prefix === 1 ? "character" : counted(part.prefix, "character")} of ${place}, and ${transform.name} tells values apart by more`,
      );
  }
  if (part.expression !== null)
    return {
      why: `${transform.name} keeps the values of ${place} apart, but nobody can tell here whether it does so for what the key compares, ${part.expression}`,
      severity: "warning",
    };
  if (uniqueness.kind === "preserved") {
    if (!part.isCaseless || uniqueness.ignoringCase === undefined) return FINE;
    return lost(`${transform.name} can give two values of ${place} outputs that differ by case alone, which the key ignores`);
  }
  const bits = part.isCaseless ? (uniqueness.bitsIgnoringCase ?? uniqueness.bits) : uniqueness.bits;
  const rows = Math.max(table.rowEstimate ?? UNKNOWN_ROWS, FEWEST_ROWS);
  // Birthday bound: n² / 2^(bits + 1).
  if (rows ** 2 / 2 ** (bits + 1) <= ACCEPTED) return FINE;
  return lost(`${transform.name} spreads ${place} over ${Math.floor(bits)} bits, too few for ${rows.toLocaleString("en")} rows`);
}
