import type { Column, ColumnContext, MaskParts, Rule } from "../../contracts.ts";
import { fixedPlace, type Place, stars, type WritePart } from "./mask-places.ts";
import { partFor, textParts } from "./part-masks.ts";

/** Rules by name for parts. */
export interface NamedParts {
  readonly masks: readonly MaskParts[];
  /** The place of a part; null where it is copied, undefined where the value is one that cannot be handled. */
  placeOf(name: string | undefined, from: number, to: number, text: string, write: WritePart): Place | null | undefined;
}

/** Prepares rules for the parts of these names. `partsOf` says which columns a part may be masked as. @default text */
export async function prepareNamed(
  rules: { readonly [name: string]: Rule },
  others: "keep" | "redact" | "fail",
  { column, inner }: ColumnContext,
  partsOf: (name: string) => readonly Column[] = () => textParts(column),
): Promise<NamedParts> {
  const masks = await Promise.all(
    Object.entries(rules).map(([name, rule]) => {
      const parts = partsOf(name);
      return inner(rule, partFor(rule, parts) ?? parts[0]!);
    }),
  );
  const maskOf = new Map(Object.keys(rules).map((name, index) => [name, index]));
  return {
    masks,
    placeOf: (name, from, to, text, write) => {
      const mask = name === undefined ? undefined : maskOf.get(name);
      if (mask !== undefined) return { from, to, mask, text, write };
      if (others === "fail") return undefined;
      if (others === "keep") return null;
      const written = write(stars(text), "");
      return written === undefined ? undefined : fixedPlace(from, to, written);
    },
  };
}
