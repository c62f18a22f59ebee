import type { FixedPoints, Guarantees } from "../../contracts.ts";
import { columnsOf, type Subject, subjectOption } from "../subject.ts";
import { ORDER_OPTIONS } from "./date-order.ts";
import { DATE_ORDER, NO_DAY } from "./written-instant.ts";

interface MoveOptions {
  readonly by: Subject;
  readonly after: string | undefined;
}

/** What masks have in common that move dates, each by itself, by its subject, or behind another. */
export const MOVES = {
  technique: "perturbation",
  isKeyed: true,
  fixedPoints: NO_DAY as FixedPoints,
  guarantees: ({ after }: MoveOptions): Guarantees => ({
    deterministic: true,
    uniqueness: { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    // Moved back behind another date it may stand where it stood.
    changesInput: after === undefined ? "always" : "not-promised",
  }),
  reads: ({ by, after }: MoveOptions) => [...columnsOf(by), ...(after === undefined ? [] : [after])],
  readsMasked: ({ after }: MoveOptions) => (after === undefined ? [] : [after]),
} as const;

export const MOVE_OPTIONS = {
  by: subjectOption("The column that names the subject, or the columns that do together: its dates move together."),
  ...ORDER_OPTIONS,
  order: DATE_ORDER,
} as const;

/** One of -most … -1, 1 … most, by a keyed word. The bias of the multiplication is below most / 2^31. */
export function signedDraw(word: number, most: number): number {
  const drawn = Math.floor((word / 0x1_0000_0000) * 2 * most);
  return drawn < most ? drawn - most : drawn - most + 1;
}

/** As many digits behind the second as there were; none but zeros stay zeros, which say that nobody measured them. */
export function drawnFraction(word: number, fraction: string): string {
  if (/^0*$/.test(fraction)) return fraction;
  return String(word % 1_000_000_000)
    .padStart(9, "0")
    .slice(0, fraction.length)
    .padEnd(fraction.length, "0");
}
