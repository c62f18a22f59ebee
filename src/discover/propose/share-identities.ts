import type { Choice } from "./fit-rules.ts";
import { mapSuggested, type SuggestedRule, suggested } from "./suggested-rule.ts";

/** What people are found by in other tables and in documents, key or none. */
const IDENTITIES: readonly unknown[] = ["internet.email", "internet.username"];

/**
 * Gives every mail address and login of a database one mapping: where one of them is a key, whose stand-ins must stay different, all take its rule, those inside
 * of documents too. Else somebody's address would become one thing in `customers` and another in an event's JSON.
 */
export function shareIdentities<T extends Choice>(choices: readonly T[]): readonly T[] {
  const keys = new Map<unknown, SuggestedRule[]>();
  for (const {
    candidates: [first],
  } of choices)
    if (first !== undefined && isIdentity(first) && first.options.unique === true)
      keys.set(first.options.path, [...(keys.get(first.options.path) ?? []), first]);
  const shared = (rule: SuggestedRule): SuggestedRule => {
    const own = keys.get(rule.options.path);
    if (!isIdentity(rule) || own === undefined || rule.options.unique === true) return rule;
    // Keys in domains of their own cannot all be joined.
    const isOne = own.every((one) => one.options.domain === own[0]!.options.domain);
    return suggested(rule.transform, { ...rule.options, ...(isOne ? own[0]!.options : { unique: true }) });
  };
  return choices.map((choice) => {
    const [first] = choice.candidates;
    if (first === undefined) return choice;
    const candidate = mapSuggested(first, shared);
    return JSON.stringify(candidate) === JSON.stringify(first)
      ? choice
      : { ...choice, candidates: [candidate, ...choice.candidates] };
  });
}

const isIdentity = ({ transform, options }: SuggestedRule) => transform === "fake" && IDENTITIES.includes(options.path);
