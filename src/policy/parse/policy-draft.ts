import type { Rule, Sink, Source } from "../../contracts.ts";
import type { Place } from "../../errors.ts";
import type { SourceLimits } from "../../source-limits.ts";
import type { DataClass } from "../class-names.ts";
import type { LEAVE, Policy, Reference, RevealPolicy, SKIP, VerifyPolicy } from "../define-policy.ts";
import type { IncrementalTable } from "../incremental-policy.ts";
import type { SubsetTable } from "../subset-policy.ts";

/** Something that a policy says, and where. */
export interface Placed<Value> {
  readonly value: Value;
  readonly place: Place;
}

/** A source or target. In data it may name environment variables; code has taken its own. */
export interface PlacedLocation<End> extends Placed<string | End> {
  readonly isData: boolean;
}

export interface DraftTable extends Placed<typeof SKIP | typeof LEAVE | "rules"> {
  readonly columns: ReadonlyMap<string, Placed<Rule>>;
}

/** What is copied of one table, and where its relations are spoken of. */
export interface DraftSubset extends Placed<SubsetTable | "all"> {
  readonly relations: ReadonlyMap<string, Place>;
}

/** A policy that was read, before its includes and its environment are laid over one another. Everything in it knows its place. */
export interface PolicyDraft {
  readonly source?: PlacedLocation<Source> | undefined;
  readonly target?: PlacedLocation<Sink> | undefined;
  readonly keyVariable?: Placed<string> | undefined;
  readonly sourceLimits?: Placed<SourceLimits> | undefined;
  readonly tables: ReadonlyMap<string, DraftTable>;
  readonly references: readonly Placed<Reference>[];
  readonly subset: ReadonlyMap<string, DraftSubset>;
  readonly columns: ReadonlyMap<string, Placed<Rule>>;
  readonly when: ReadonlyMap<string, Placed<Rule>>;
  readonly classes: ReadonlyMap<string, Placed<DataClass | "none">>;
  readonly presets: ReadonlyMap<string, Placed<string>>;
  readonly incremental: ReadonlyMap<string, Placed<IncrementalTable>>;
  readonly reveal?: Placed<RevealPolicy> | undefined;
  readonly verify?: Placed<VerifyPolicy> | undefined;
  readonly environments: ReadonlyMap<string, PolicyDraft>;
  /** By name: what is one database's alone. Empty for a policy with one source. */
  readonly databases: ReadonlyMap<string, PolicyDraft>;
  /** Where the policy, or its environment, speaks of this database; undefined in every other draft. */
  readonly place?: Place | undefined;
  /** Patterns of `columns` and `classes` that are there for all databases, as `columns → *.email`: in this one they may match nothing. */
  readonly shared?: ReadonlySet<string>;
  /** The file that includes all others. */
  readonly file?: string | undefined;
  /** True where only one table of the policy is asked for, so that what is about others matches nothing. */
  readonly isPart?: boolean;
}

export const EMPTY_DRAFT: PolicyDraft = {
  tables: new Map(),
  references: [],
  subset: new Map(),
  columns: new Map(),
  when: new Map(),
  classes: new Map(),
  presets: new Map(),
  environments: new Map(),
  databases: new Map(),
  incremental: new Map(),
};

/** Lays one draft over another: what `over` says wins, column by column; what it does not say stays. */
export function layOver(base: PolicyDraft, over: PolicyDraft): PolicyDraft {
  return {
    file: over.file ?? base.file,
    source: over.source ?? base.source,
    target: over.target ?? base.target,
    keyVariable: over.keyVariable ?? base.keyVariable,
    sourceLimits: over.sourceLimits ?? base.sourceLimits,
    reveal: over.reveal ?? base.reveal,
    verify: over.verify ?? base.verify,
    tables: joinMaps(base.tables, over.tables, layTable),
    references: [...base.references, ...over.references],
    subset: joinMaps(base.subset, over.subset),
    columns: joinMaps(base.columns, over.columns),
    when: joinMaps(base.when, over.when),
    classes: joinMaps(base.classes, over.classes),
    presets: joinMaps(base.presets, over.presets),
    environments: joinMaps(base.environments, over.environments, layOver),
    incremental: joinMaps(base.incremental, over.incremental),
    databases: joinMaps(base.databases, over.databases, layOver),
    place: over.place ?? base.place,
  };
}

function layTable(base: DraftTable, over: DraftTable): DraftTable {
  if (over.value !== "rules" || base.value !== "rules") return over;
  return { ...over, columns: joinMaps(base.columns, over.columns) };
}

function joinMaps<Value>(
  base: ReadonlyMap<string, Value>,
  over: ReadonlyMap<string, Value>,
  both: (base: Value, over: Value) => Value = (_, last) => last,
): ReadonlyMap<string, Value> {
  const joined = new Map(base);
  for (const [name, value] of over) joined.set(name, joined.has(name) ? both(joined.get(name)!, value) : value);
  return joined;
}

const DRAFT = Symbol("standin.draft");

/** Ties a finished policy to the draft that it was made of, unseen: a copy of the policy with something changed is not tied any more. */
export function tieToDraft(policy: Policy, draft: PolicyDraft): Policy {
  Object.defineProperty(policy, DRAFT, { value: draft });
  return policy;
}

/** The draft of a policy that was read, undefined for one that code just made. */
export function draftOf(policy: unknown): PolicyDraft | undefined {
  return typeof policy === "object" && policy !== null ? (policy as { [DRAFT]?: PolicyDraft })[DRAFT] : undefined;
}
