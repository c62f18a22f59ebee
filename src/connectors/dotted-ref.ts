import type { TableRef } from "../contracts.ts";

/** The table that a file's name stands for: `billing.invoices.csv` is what a sink makes of the table invoices in the schema billing. */
export function dottedRef(name: string): TableRef {
  const dot = name.indexOf(".");
  return dot > 0 && dot < name.length - 1 ? { schema: name.slice(0, dot), name: name.slice(dot + 1) } : { schema: null, name };
}
