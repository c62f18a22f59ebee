import type { Rule } from "../contracts.ts";
import { everyRule } from "../inner-rules.ts";
import { type Circumstances, isSame, type Masked, type Sitting, sit } from "./mask-sitting.ts";

/**
 * Whether a keyed rule maps alike under another domain. Where rules within name domains of their own, which the one around them does not reach, they too are
 * given others: then the mapping must be another one, and no key may have been of a domain that neither the rule nor one within it has.
 */
export async function ignoresDomain(
  sitting: Sitting,
  usual: Circumstances,
  domains: readonly string[],
  base: Masked,
): Promise<boolean> {
  const { rule } = sitting;
  // One by one: a few values of a small range (true, false) are the same by chance, and under several domains they are not.
  const isAlike = async (ruleUnder: (domain: string) => Rule): Promise<boolean> => {
    for (const domain of domains) {
      const outcome = await sit({ ...sitting, rule: ruleUnder(domain) }, { ...usual, domain });
      if (outcome.kind !== "masked" || !isSame(outcome.values, base.values)) return false;
    }
    return true;
  };
  if (!(await isAlike(() => rule))) return false;
  const named = new Set(everyRule(rule).flatMap(({ domain }) => domain ?? []));
  const isForeign = (domain: string) => domain !== usual.domain && !named.has(domain);
  return [...base.domains].some(isForeign) || isAlike((domain) => renamed(rule, domain));
}

/** The same rule, where every domain that it or a rule within it names is another. */
function renamed(rule: Rule, suffix: string): Rule {
  const { transform, options, domain } = rule;
  const within = (one: Rule) => renamed(one, suffix);
  const changed = { ...options };
  for (const [name, { kind }] of Object.entries(transform.options)) {
    const value = options[name];
    if (value === undefined) continue;
    if (kind === "rule") changed[name] = within(value);
    else if (kind === "rules") changed[name] = value.map(within);
    else if (kind === "rule map")
      changed[name] = Object.fromEntries(Object.entries<Rule>(value).map(([key, one]) => [key, within(one)]));
  }
  return { ...rule, options: changed, domain: domain === null ? null : `${domain} ${suffix}` };
}
