import type { Place } from "../../errors.ts";

/** A value of a policy with the place that it stands at: as near as is known, nowhere for a policy that was handed over as an object. */
export interface PolicyNode {
  readonly value: unknown;
  readonly place: Place;
  /** Whether it was read from YAML or JSON, where it is written out; code may have it from anywhere. */
  readonly isData: boolean;
  /** The fields of an object, null for everything else. Looked at on demand: a rule that code made has no end of them. */
  fields(): readonly PolicyField[] | null;
  /** The items of a list, null for everything else. */
  items(): readonly PolicyNode[] | null;
  /** Another value that is written at the same place. */
  withValue(value: unknown): PolicyNode;
  /** Where an argument stands in what made the value: a rule that code made has no fields to read. */
  argument(name: string): { readonly place: Place; readonly value: Place } | undefined;
}

export interface PolicyField {
  readonly name: string;
  /** Where the name stands. */
  readonly place: Place;
  readonly node: PolicyNode;
}

/** What a parser knows of a value: where it stands, and what stands in it. */
export interface Layout {
  readonly place: Place;
  readonly isData?: boolean;
  field(name: string): { readonly place: Place; readonly layout: Layout } | undefined;
  item(index: number): Layout | undefined;
}

const NOWHERE: Layout = { place: {}, field: () => undefined, item: () => undefined };

/** Joins a value with the layout that a parser made of its text. */
export function createNode(value: unknown, layout: Layout = NOWHERE): PolicyNode {
  const { place, isData = false } = layout;
  const within: Layout = { ...NOWHERE, place, isData };
  // Looked at several times on the way to a rule: once made, they stay.
  let ownFields: readonly PolicyField[] | undefined;
  return {
    value,
    place,
    isData,
    withValue: (other) => createNode(other, layout),
    argument(name) {
      const found = layout.field(name);
      return found && { place: found.place, value: found.layout.place };
    },
    fields() {
      if (!isRecord(value)) return null;
      ownFields ??= Object.entries(value).map(([name, one]) => {
        const found = layout.field(name);
        return { name, place: found?.place ?? place, node: createNode(one, found?.layout ?? within) };
      });
      return ownFields;
    },
    items() {
      if (!Array.isArray(value)) return null;
      return value.map((one, index) => createNode(one, layout.item(index) ?? within));
    },
  };
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
