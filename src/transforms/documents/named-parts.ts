import type { Column, ColumnContext, MaskParts, Rule } from "../../contracts.ts";
import { partFor, textParts } from "./part-masks.ts";
import { type Places, stars, type WritePart } from "./places.ts";

/** Rules by name for parts. */
export interface NamedParts {
  readonly masks: readonly MaskParts[];
  /** Adds the place of a part, unless the part is copied. False where the value around it is one that cannot be handled. */
  placePart(places: Places, name: string | undefined, from: number, to: number, text: string, write: WritePart): boolean;
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
    placePart: (places, name, from, to, text, write) => {
      const mask = name === undefined ? undefined : maskOf.get(name);
      if (mask !== undefined) places.mask(mask, from, to, text, write);
      else if (others === "redact") {
        const written = write(stars(text), "", 0, 0);
        if (written === undefined) return false;
        places.fix(from, to, written);
      }
      return mask !== undefined || others !== "fail";
    },
  };
}
