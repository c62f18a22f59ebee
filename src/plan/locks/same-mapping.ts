import { isDeepStrictEqual } from "node:util";
import type { Column, Rule } from "../../contracts.ts";

/** Whether two rules give equal values equal outputs: the same transform, options and domain. Functions are equal where they are one. */
export function sayTheSame(one: Rule, other: Rule): boolean {
  const mapping = (rule: Rule) => [rule.transform.name, mappingOptions(rule), domainOf(rule)];
  return one === other || isDeepStrictEqual(mapping(one), mapping(other));
}

/** Whether a rule maps alike in two columns: a mask of integers goes by how many the type holds. */
export function mapsAlike(rule: Rule, one: Column, other: Column): boolean {
  return mapsAlikeUpTo(rule, one, other) === Number.POSITIVE_INFINITY;
}

/** The characters up to which outputs are the same in two columns: what is made to fit is cut in the shorter of the two. 0 where the rule maps otherwise in the one. */
export function mapsAlikeUpTo({ transform, options }: Rule, one: Column, other: Column): number {
  if (transform.technique === "none") return Number.POSITIVE_INFINITY;
  if (one.kind !== other.kind) return 0;
  const promises = (column: Column) => [transform.guarantees(options, column), transform.smallDomain(options, column)];
  if (other.kind === "integer") return isDeepStrictEqual(promises(one), promises(other)) ? Number.POSITIVE_INFINITY : 0;
  const lengths = [one, other].map((column) => transform.maxOutputLength(options, column) ?? Number.POSITIVE_INFINITY);
  return lengths[0] === lengths[1] ? Number.POSITIVE_INFINITY : Math.min(...lengths);
}

function domainOf({ transform, options, domain }: Rule): string {
  return domain ?? transform.defaultDomain(options);
}

/** Options that take part in the mapping: a reason given for the reader does not. */
function mappingOptions({ transform, options }: Rule): unknown {
  return transform.technique === "none" ? {} : options;
}
