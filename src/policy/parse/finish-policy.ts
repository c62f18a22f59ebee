import type { Rule } from "../../contracts.ts";
import { type Finding, isStandinError, StandinError } from "../../errors.ts";
import { nearestNames } from "../../transforms/nearest-name.ts";
import type { EnvironmentPolicy, Policy, TablePolicy } from "../define-policy.ts";
import { compareSpecificity } from "../pattern.ts";
import type { PresetName } from "../presets.ts";
import { fillLocations, isFillable, type Locations, unsetVariables, type Variables } from "../read/environment-variables.ts";
import { draftsOfDatabases } from "./database-drafts.ts";
import { layOver, type Placed, type PlacedLocation, type PolicyDraft, tieToDraft } from "./policy-draft.ts";

/** How a policy is read: its environment, its variables, and which of its places are needed. */
export interface ReadOptions {
  /** Which of the policy's environments to take. @default what stands outside of them */
  readonly environment?: string | undefined;
  /** Where `${NAME}` in source and target is looked up. @default process.env */
  readonly variables?: Variables | undefined;
  /** Which of source and target are needed, or neither: no variable in others has to be set; they are left out where one is not. @default "needed": both */
  readonly locations?: "needed" | "source" | "target" | "unneeded" | undefined;
  /** Which of the policy's databases to take, as if it were the only one. @default all of them */
  readonly database?: string | undefined;
}

/** Makes the policy of a draft: chooses the environment, fills the locations in. Throws ENVIRONMENT_UNKNOWN and LOCATION_INVALID. */
export function finishPolicy(draft: PolicyDraft, options: ReadOptions = {}): Policy {
  const whole = options.environment === undefined ? draft : chooseEnvironment(draft, options.environment);
  if (whole.databases.size === 0) {
    if (options.database !== undefined) throw unknownDatabase(options.database, []);
    return finishOne(whole, options);
  }
  const findings: Finding[] = [];
  const drafts = draftsOfDatabases(whole, findings);
  if (findings.length > 0) throw invalidPolicy(findings);
  if (options.database === undefined) return finishAll(whole, drafts, options);
  const chosen = drafts.get(options.database);
  if (chosen === undefined) throw unknownDatabase(options.database, [...drafts.keys()]);
  return finishOne(chosen, options);
}

/** A policy of several databases: each of them is a policy by itself. */
function finishAll(whole: PolicyDraft, drafts: ReadonlyMap<string, PolicyDraft>, options: ReadOptions): Policy {
  const unset: Finding[] = [];
  const databases = new Map<string, Policy>();
  for (const [name, draft] of drafts) {
    try {
      databases.set(name, finishOne(draft, options));
    } catch (error) {
      if (!isStandinError(error) || error.code !== "LOCATION_INVALID") throw error;
      unset.push(...error.findings.map((finding) => ({ ...finding, database: name })));
    }
  }
  if (unset.length > 0) throw unsetVariables(unset);
  const policy: Policy = { ...plain(whole), ...environmentsOf(whole), databases: record(databases, (one) => one) };
  return Object.freeze(tieToDraft(policy, whole));
}

function finishOne(whole: PolicyDraft, options: ReadOptions): Policy {
  const chosen = { ...whole, ...neededOf(whole, options) };
  const { source, target } = fillLocations(chosen, options.variables ?? process.env);
  const policy: Policy = {
    source: source?.value,
    target: target?.value,
    ...plain(chosen),
    ...revealOf(chosen),
    ...verifyOf(chosen),
    ...environmentsOf(chosen),
  };
  // A caller who changed a rule in place would go around every check.
  for (const part of [policy.tables, ...Object.values(policy.tables), policy.columns, policy.when]) Object.freeze(part);
  return Object.freeze(tieToDraft(policy, chosen));
}

/** A place that is not needed stays where it can be told: whoever overwrites the one wants to know that it is not the other. */
function neededOf({ source, target }: PolicyDraft, { locations = "needed", variables = process.env }: ReadOptions): Locations {
  if (locations === "unneeded") return { source: undefined, target: undefined };
  const stays = (role: "source" | "target", location: PlacedLocation<unknown> | undefined) =>
    locations === "needed" || locations === role || isFillable(location, variables);
  return { source: stays("source", source) ? source : undefined, target: stays("target", target) ? target : undefined };
}

function chooseEnvironment(draft: PolicyDraft, name: string): PolicyDraft {
  const environment = draft.environments.get(name);
  if (environment !== undefined) return { ...layOver(draft, environment), environments: new Map() };
  const names = [...draft.environments.keys()];
  const hint =
    names.length === 0
      ? "Write `environments: { … }` into the policy, or leave the environment away."
      : `Did you mean ${nearestNames(name, names, 1)}? There are: ${names.join(", ")}.`;
  throw new StandinError("ENVIRONMENT_UNKNOWN", `The policy has no environment ${name}.`, { hint });
}

function unknownDatabase(name: string, names: readonly string[]): StandinError {
  const message = `The policy has no database ${name}.`;
  if (names.length === 0)
    return new StandinError("OPTION_INVALID", message, {
      hint: "It has one source, and nothing to choose from: leave the name away.",
    });
  const hint = `Did you mean ${nearestNames(name, names, 1)}? There are: ${names.join(", ")}.`;
  return new StandinError("OPTION_INVALID", message, { hint });
}

function plain(draft: PolicyDraft): EnvironmentPolicy & Pick<Policy, "tables"> {
  const { keyVariable, presets, sourceLimits } = draft;
  return {
    tables: record(draft.tables, ({ value, columns }) => (value === "rules" ? rules(columns) : value)),
    ...(keyVariable === undefined ? {} : { keyVariable: keyVariable.value }),
    ...(sourceLimits === undefined ? {} : { sourceLimits: Object.freeze(sourceLimits.value) }),
    ...(draft.incremental.size === 0 ? {} : { incremental: record(draft.incremental, ({ value }) => Object.freeze(value)) }),
    ...(draft.references.length === 0 ? {} : { references: draft.references.map(({ value }) => value) }),
    ...(draft.subset.size === 0 ? {} : { subset: record(draft.subset, ({ value }) => Object.freeze(value)) }),
    ...(draft.columns.size === 0 ? {} : { columns: rules(draft.columns) }),
    ...(draft.when.size === 0 ? {} : { when: rules(draft.when) }),
    ...(draft.classes.size === 0 ? {} : { classes: record(draft.classes, ({ value }) => value) }),
    ...(presets.size === 0 ? {} : { presets: [...presets.keys()] as PresetName[] }),
  };
}

function revealOf({ reveal }: PolicyDraft): Pick<Policy, "reveal"> {
  return reveal === undefined ? {} : { reveal: Object.freeze(reveal.value) };
}

function verifyOf({ verify }: PolicyDraft): Pick<Policy, "verify"> {
  return verify === undefined ? {} : { verify: Object.freeze(verify.value) };
}

function environmentsOf({ environments }: PolicyDraft): Pick<Policy, "environments"> {
  if (environments.size === 0) return {};
  const one = (draft: PolicyDraft): EnvironmentPolicy => ({
    ...(draft.source === undefined ? {} : { source: draft.source.value }),
    ...(draft.target === undefined ? {} : { target: draft.target.value }),
    ...(draft.databases.size === 0 ? {} : { databases: record(draft.databases, one) }),
    ...plain(draft),
  });
  return { environments: record(environments, one) };
}

function rules(placed: ReadonlyMap<string, Placed<Rule>>): TablePolicy {
  return record(placed, ({ value }) => value);
}

/** Without a prototype: a column may be called `constructor` or `__proto__`. */
function record<From, To>(map: ReadonlyMap<string, From>, to: (value: From) => To): { readonly [name: string]: To } {
  const made: Record<string, To> = Object.create(null);
  for (const [name, value] of map) made[name] = to(value);
  return made;
}

/** The one error that tells of all mistakes in a policy. */
export function invalidPolicy(findings: readonly Finding[]): StandinError {
  // In the order in which somebody mends them.
  const files = [...new Set(findings.map(({ file }) => file))];
  const orderOf = ({ file, line = 0, columnNumber = 0 }: Finding) => [files.indexOf(file), line, columnNumber];
  const sorted = [...findings].sort((one, other) => compareSpecificity(orderOf(one), orderOf(other)));
  const [first] = sorted;
  if (findings.length > 1)
    return new StandinError("POLICY_INVALID", `The policy has ${findings.length} mistakes.`, { findings: sorted });
  const { message, hint, file, line, columnNumber } = first!;
  return new StandinError("POLICY_INVALID", message, { findings, hint, file, line, columnNumber });
}
