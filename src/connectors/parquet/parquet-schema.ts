import type { FileMetaData, SchemaElement, SchemaTree } from "hyparquet";
import type { Column, ColumnKind } from "../../contracts.ts";
import { StandinError } from "../../errors.ts";
import { type Field, fieldOf } from "./parquet-field.ts";

/** A column of a Parquet file. */
export interface ParquetColumn {
  readonly column: Column;
  readonly field: Field;
  /** The elements of its part of the schema, the column's own first. */
  readonly elements: readonly SchemaElement[];
}

/** The columns of a file's schema. `types` are what a caller says of columns of bytes. */
export function parquetColumns(
  metadata: FileMetaData,
  tree: SchemaTree,
  types: { readonly [column: string]: ColumnKind },
  file: string,
): readonly ParquetColumn[] {
  refuseOdd(tree, file);
  let position = 1;
  return tree.children.map((node) => {
    const elements = metadata.schema.slice(position, position + node.count);
    position += node.count;
    const { name } = node.element;
    const field = fieldOf(node, Object.hasOwn(types, name) ? types[name] : undefined);
    return { column: columnOf(name, field, node.element.repetition_type !== "REQUIRED"), field, elements };
  });
}

export function columnOf(name: string, { type, kind, range }: Field, nullable: boolean): Column {
  return {
    ...{ name, type, kind, nullable, range },
    ...{ maxLength: null, isPadded: false, labels: null, isGenerated: false, hasDefault: false },
  };
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
