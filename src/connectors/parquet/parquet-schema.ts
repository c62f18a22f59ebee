import type { SchemaElement, SchemaTree } from "hyparquet";
import { bareColumn } from "../../bare-column.ts";
import type { Column, ColumnKind } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { type Field, fieldOf } from "./parquet-field.ts";
import type { ColumnElements } from "./parquet-table.ts";

/** A column of a Parquet file, ready to be read and written. */
export interface ParquetColumn extends ColumnElements {
  readonly column: Column;
  readonly field: Field;
}

/** The columns of a file's schema. `types` are what a caller says of columns of bytes. */
export function parquetColumns(
  schema: readonly SchemaElement[],
  types: { readonly [column: string]: ColumnKind },
  file: string,
): readonly ParquetColumn[] {
  const root = treeOf(schema);
  refuseOdd(root, file);
  let position = 1;
  return root.children.map(({ count, element }) => {
    const elements = schema.slice(position, position + count);
    position += count;
    return parquetColumn({ elements, as: Object.hasOwn(types, element.name) ? types[element.name]! : null });
  });
}

export function parquetColumn({ elements, as }: ColumnElements): ParquetColumn {
  const { element, ...rest } = treeOf(elements);
  const field = fieldOf({ element, ...rest }, as ?? undefined);
  return { elements, as, field, column: columnOf(element.name, field, element.repetition_type !== "REQUIRED") };
}

/** The tree of elements that are listed parents first. */
function treeOf(elements: readonly SchemaElement[], at = 0, path: readonly string[] = []): SchemaTree {
  const element = elements[at]!;
  const children: SchemaTree[] = [];
  let count = 1;
  while (children.length < (element.num_children ?? 0)) {
    const child = treeOf(elements, at + count, [...path, elements[at + count]?.name ?? ""]);
    count += child.count;
    children.push(child);
  }
  return { element, children, count, path: [...path] };
}

function columnOf(name: string, { type, kind, range }: Field, nullable: boolean): Column {
  return bareColumn(name, kind, { type, nullable, range });
}

function refuseOdd({ children }: SchemaTree, file: string): void {
  const names = children.map(({ element }) => element.name);
  const what = children.some(isVariant)
    ? "has a column of the type VARIANT, which is not read"
    : new Set(names).size < names.length
      ? "has two columns of one name"
      : null;
  if (what !== null) throw new StandinError("FORMAT_INVALID", `${file} ${what}.`, { file });
}

const isVariant = ({ element, children }: SchemaTree): boolean =>
  element.logical_type?.type === "VARIANT" || children.some(isVariant);

/** The schema with the annotations that make lists and maps of groups, said both ways, as the older readers need. */
export function annotated(schema: readonly SchemaElement[]): SchemaElement[] {
  return schema.map((element) => {
    const { logical_type: logical, converted_type: converted } = element;
    if (logical?.type === "LIST" && converted === undefined) return { ...element, converted_type: "LIST" };
    if ((logical?.type === "MAP" && converted === undefined) || converted === "MAP_KEY_VALUE")
      return { ...element, converted_type: element.repetition_type === "REPEATED" ? undefined : "MAP" } as SchemaElement;
    return element;
  });
}

/** The schema of what is really in the file: no leaf says what its values stand for. Maps are read as what they are made of: their keys may be of any type. */
export function physicalSchema(schema: readonly SchemaElement[], keeps: readonly string[]): SchemaElement[] {
  return schema.map(({ converted_type: converted, logical_type: _, scale: __, precision: ___, ...element }) => ({
    ...element,
    ...(converted !== undefined && keeps.includes(converted) && { converted_type: converted }),
  }));
}

/** The schema as a footer says it: widths of integers in the older words, which say as much. Of the newer the writer makes what strict readers cannot read. */
export function footerSchema(schema: readonly SchemaElement[]): SchemaElement[] {
  return schema.map((element) => {
    const { logical_type: logical, ...rest } = element;
    if (logical?.type !== "INTEGER") return element;
    return { ...rest, converted_type: `${logical.isSigned ? "" : "U"}INT_${logical.bitWidth}` } as SchemaElement;
  });
}
