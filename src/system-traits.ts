import type { Column, SystemName } from "./data-schema.ts";

/** Systems that hold a schema of their own, which rows from elsewhere must fit. */
const DATABASES: readonly SystemName[] = ["postgres", "mysql", "sqlite"];

export const isDatabase = (system: SystemName): boolean => DATABASES.includes(system);

/** Formats whose columns claim nothing: neither a type, nor that a value is there. */
const UNTYPED: readonly string[] = ["csv", "jsonl"] satisfies SystemName[];

const isUntypedSystem = (system: SystemName): boolean => UNTYPED.includes(system);

/** Whether columns are taken to be what the target's are: those of SQLite hold any value, whatever they are declared as. */
export const takesTargetTypes = (source: SystemName, target: SystemName): boolean =>
  isUntypedSystem(source) || (source === "sqlite" && target !== source && isDatabase(target));

/** The same of some target: what the columns are is not known before the target is. */
export const takesTypesOfTargets = (source: SystemName): boolean => DATABASES.some((target) => takesTargetTypes(source, target));

/** Whether a column's type says nothing that its kind does not say. */
export const isUntyped = ({ type }: Pick<Column, "type">): boolean => UNTYPED.includes(type);
