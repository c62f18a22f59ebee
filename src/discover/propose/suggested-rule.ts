import type { Rule } from "../../contracts.ts";
import { isRule } from "../../inner-rules.ts";
import { isRecord } from "../../policy/parse/policy-node.ts";
import { createRule } from "../../transforms/define-transform.ts";
import { transformByName } from "../../transforms/registry.ts";

/** A rule as a policy would write it: `{ transform: "fake", options: { path: "internet.email" } }`. */
export interface SuggestedRule {
  readonly transform: string;
  /** What the transform is called with; `domain` and `onUnsupported` may be among it, and rules that stand within the rule. */
  readonly options: Readonly<Record<string, unknown>>;
}

export const suggested = (transform: string, options: SuggestedRule["options"] = {}): SuggestedRule => ({ transform, options });

/** Whether an option's value is a rule that stands within another. */
export function isSuggested(value: unknown): value is SuggestedRule {
  return isRecord(value) && typeof value.transform === "string" && isRecord(value.options) && Object.keys(value).length === 2;
}

/** Null where the options are none for this transform, as a token longer than it makes them. */
export function ruleOfSuggestion({ transform, options }: SuggestedRule): Rule | null {
  const found = transformByName(transform);
  if (found === undefined) return null;
  try {
    return createRule(
      found,
      mapRules(options, (one) => {
        const rule = ruleOfSuggestion(one);
        if (rule === null) throw new RangeError(one.transform);
        return rule;
      }),
    );
  } catch {
    return null;
  }
}

/** Null for a rule that holds a function, which no text can repeat. */
export function suggestionOf({ transform, options, domain, onUnsupported }: Rule): SuggestedRule | null {
  const said = Object.entries(options as Record<string, unknown>).filter(
    ([name, value]) => value !== undefined && value !== transform.options[name]?.default,
  );
  if (said.some(([, value]) => typeof value === "function")) return null;
  const inner: (SuggestedRule | null)[] = [];
  const written = Object.fromEntries(
    said.map(([name, value]) => [
      name,
      mapValues(value, isRule, (rule) => {
        inner.push(suggestionOf(rule));
        return inner.at(-1);
      }),
    ]),
  );
  if (inner.includes(null)) return null;
  const common = {
    ...(domain === null ? {} : { domain }),
    ...(onUnsupported === "fail" ? {} : { onUnsupported }),
  };
  return suggested(transform.name, { ...written, ...common });
}

/** The options as data: rules that stand within are as a policy of data has them. */
export function dataOfOptions(options: SuggestedRule["options"]): Record<string, unknown> {
  return mapRules(options, (one) =>
    Object.keys(one.options).length === 0 ? one.transform : { [one.transform]: dataOfOptions(one.options) },
  );
}

/** A rule and all that stand in it, however deep. */
export function everySuggested(rule: SuggestedRule): readonly SuggestedRule[] {
  const inner: SuggestedRule[] = [];
  mapRules(rule.options, (one) => inner.push(one));
  return [rule, ...inner.flatMap(everySuggested)];
}

/** Changes a rule and all that stand in it. */
export function mapSuggested(
  { transform, options }: SuggestedRule,
  change: (rule: SuggestedRule) => SuggestedRule,
): SuggestedRule {
  return change(
    suggested(
      transform,
      mapRules(options, (one) => mapSuggested(one, change)),
    ),
  );
}

function mapRules(options: SuggestedRule["options"], change: (rule: SuggestedRule) => unknown): Record<string, unknown> {
  return Object.fromEntries(Object.entries(options).map(([name, value]) => [name, mapValues(value, isSuggested, change)]));
}

/** Changes what is of a kind: an option's value, or one in its list or by name. */
function mapValues<T>(value: unknown, isOfKind: (one: unknown) => one is T, change: (one: T) => unknown): unknown {
  if (isOfKind(value)) return change(value);
  if (Array.isArray(value)) return value.map((one) => mapValues(one, isOfKind, change));
  if (!isRecord(value) || !Object.values(value).some(isOfKind)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, mapValues(one, isOfKind, change)]));
}
