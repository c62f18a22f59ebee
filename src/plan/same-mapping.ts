import { isDeepStrictEqual } from "node:util";
import type { Column, Rule } from "../contracts.ts";

/** Whether two rules give equal values equal outputs: the same transform, options and domain. Functions are equal where they are one. */
export function sayTheSame(one: Rule, other: Rule): boolean {
  const mapping = (rule: Rule) => [rule.transform.name, mappingOptions(rule), domainOf(rule)];
  return one === other || isDeepStrictEqual(mapping(one), mapping(other));
}

/** Whether a rule maps alike in two columns: a mask of integers goes by how many the type holds. */
export function mapsAlike({ transform, options }: Rule, one: Column, other: Column): boolean {
  if (transform.technique === "none") return true;
  if (one.kind !== other.kind) return false;
  const promises = (column: Column) => [transform.guarantees(options, column), transform.smallDomain(options, column)];
  if (other.kind === "integer") return isDeepStrictEqual(promises(one), promises(other));
  // What is made to fit is cut in the shorter of the two.
  return transform.maxOutputLength(options, one) === transform.maxOutputLength(options, other);
}

function domainOf({ transform, options, domain }: Rule): string {
  return domain ?? transform.defaultDomain(options);
}

/** Options that take part in the mapping: a reason given for the reader does not. */
function mappingOptions({ transform, options }: Rule): unknown {
  return transform.technique === "none" ? {} : options;
}
