import { isDeepStrictEqual } from "node:util";
import { flowText, holdsRules, optionsOfData, writtenOption } from "../../policy/parse/written-rule.ts";
import { transformByName } from "../../transforms/registry.ts";
import type { ColumnPair } from "./compare-columns.ts";
import type { LockedColumn, LockedDecision } from "./lock.ts";
import type { LockDifference } from "./lock-difference.ts";

/** Columns, as `customers.id`, whose rule is not as the lock has it: foreign keys hand the change on. */
export type ChangedRules = Set<string>;

/** What became of the decisions about a table's columns. Notes each in `changed`. */
export function compareRules(table: string, pairs: readonly ColumnPair[], changed: ChangedRules): readonly LockDifference[] {
  return pairs.flatMap(([former, now]): LockDifference[] => {
    const isOfServer = former.decision === "generated" || now.decision === "generated";
    // The new name has no rule yet, which the plan tells.
    const isForgotten = former.column !== now.column && now.decision === "none";
    if (isOfServer || isForgotten || isDeepStrictEqual(ruleOf(former), ruleOf(now))) return [];
    const name = `${table}.${now.column}`;
    changed.add(name);
    return [{ change: "rule-changed", message: `${name} ${inWords(former, now)}.`, table, column: now.column }];
  });
}

/** The decision without where it comes from: a rule that moves to the other end of a foreign key maps as it did. */
export function ruleOf({
  decision,
  transform,
  options,
  files,
  domain,
  onUnsupported,
  branches,
  coversRest,
}: LockedDecision): unknown {
  const variants = branches?.map((branch) => [branch.when, ruleOf(branch)]);
  return { decision, transform, options, files, domain, onUnsupported, variants, coversRest };
}

function inWords(former: LockedColumn, now: LockedColumn): string {
  if (former.transform !== now.transform || former.decision !== now.decision)
    return `was under ${decisionText(former)} and is under ${decisionText(now)}`;
  const parts = [...optionChanges(former, now), ...fileChanges(former, now)];
  if (former.domain !== now.domain && parts.length === 0) parts.push(`domain was ${former.domain} and is ${now.domain}`);
  if (former.onUnsupported !== now.onUnsupported)
    parts.push(`onUnsupported was ${former.onUnsupported ?? "fail"} and is ${now.onUnsupported ?? "fail"}`);
  if (parts.length === 0) return "has another rule for some of its rows";
  return `has another rule: of ${now.transform}, ${parts.join("; ")}`;
}

function optionChanges({ options: former = {}, transform }: LockedColumn, { options: now = {} }: LockedColumn): string[] {
  const names = [...new Set([...Object.keys(former), ...Object.keys(now)])].sort();
  return names
    .filter((name) => !isDeepStrictEqual(former[name], now[name]))
    .map((name) => {
      const isFunction = [former[name], now[name]].every((value) => String(value).startsWith("function xxh64:"));
      return isFunction
        ? `the text of ${name} changed`
        : `${name} was ${optionText(transform, name, former[name])} and is ${optionText(transform, name, now[name])}`;
    });
}

/** A file of another name is told by the option that names it. */
function fileChanges({ files: former = {} }: LockedColumn, { files: now = {} }: LockedColumn): string[] {
  return Object.keys(now)
    .filter((path) => Object.hasOwn(former, path) && former[path] !== now[path])
    .map((path) => (now[path] === "not there" ? `the file ${path} is not there` : `what the file ${path} holds changed`));
}

function optionText(transform: string | undefined, name: string, value: unknown): string {
  if (value === undefined) return "not set";
  const known = transform === undefined ? undefined : transformByName(transform);
  const read = known === undefined ? null : optionsOfData(known, { [name]: value });
  return read !== null && holdsRules(read[name]) ? flowText(writtenOption(read[name])) : JSON.stringify(value);
}

function decisionText({ decision, transform, options = {} }: LockedColumn): string {
  if (decision === "none") return "no rule";
  if (transform === undefined) return decision;
  const shown = Object.entries(options).map(([name, value]) => `${name}: ${optionText(transform, name, value)}`);
  return shown.length === 0 ? transform : `${transform} (${shown.join(", ")})`;
}
