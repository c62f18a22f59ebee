import type { TableRef } from "./contracts.ts";

/** The schema that a bare table name means in PostgreSQL. */
const DEFAULT_SCHEMA = "public";

/** A table as a policy, a plan and an error name it: `customers`, `billing.invoices`. */
export function tableName({ schema, name }: TableRef): string {
  return schema === null || schema === DEFAULT_SCHEMA ? name : `${schema}.${name}`;
}

/** Whether two systems' references mean the same table: a table without a schema is one of the default schema. */
export function isSameTable(one: TableRef, other: TableRef): boolean {
  return one.name === other.name && (one.schema ?? DEFAULT_SCHEMA) === (other.schema ?? DEFAULT_SCHEMA);
}
