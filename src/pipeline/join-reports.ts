import { joinFingerprints, joinVerifications, oneOf } from "../verify/join-verifications.ts";
import type { Verification } from "../verify/verification.ts";
import { findingIn } from "./errors-of-databases.ts";
import type { OnProgress, ProgressEvent } from "./progress.ts";
import type { Report } from "./report.ts";

/** The reports of several databases as one, with each as it was beneath. */
export async function joinReports(parts: ReadonlyMap<string, Report>, milliseconds: number): Promise<Report> {
  const all = [...parts];
  const reports = [...parts.values()];
  const sum = (count: (one: Report) => number) => reports.reduce((total, one) => total + count(one), 0);
  const verified = all.flatMap(([name, { verification }]): [string, Verification][] =>
    verification === null ? [] : [[name, verification]],
  );
  return {
    source: oneOf(reports.map(({ source }) => source)),
    target: oneOf(reports.map(({ target }) => target)),
    tables: all.flatMap(([name, { tables }]) => tables.map((table) => ({ ...table, table: `${name}.${table.table}` }))),
    notCopied: all.flatMap(([name, { notCopied }]) => notCopied.map((table) => `${name}.${table}`)),
    rows: sum(({ rows }) => rows),
    milliseconds,
    workers: Math.max(...reports.map(({ workers }) => workers)),
    keptRows: sum(({ keptRows }) => keptRows),
    keyFingerprint: reports.find(({ keyFingerprint }) => keyFingerprint !== null)?.keyFingerprint ?? null,
    planFingerprint: await joinFingerprints(all.map(([name, { planFingerprint }]) => [name, planFingerprint])),
    warnings: all.flatMap(([name, { warnings }]) => warnings.map((finding) => findingIn(finding, name))),
    notes: all.flatMap(([name, { notes }]) => notes.map((note) => `${name}: ${note}`)),
    verification: verified.length === 0 ? null : await joinVerifications(new Map(verified)),
    databases: Object.fromEntries(parts),
  };
}

type Planned = Extract<ProgressEvent, { type: "planned" }>;

/** Tells of several runs as of one. */
export class JoinedProgress {
  readonly #tell: OnProgress;
  readonly #planned: Planned[] = [];
  #isPublishing = false;

  constructor(tell: OnProgress) {
    this.#tell = tell;
  }

  /** What listens to one of the databases: its tables have its name before theirs. */
  of(database: string): OnProgress {
    return (event) => {
      switch (event.type) {
        case "planned":
          this.#planned.push(event);
          return;
        // One run, with one end.
        case "finished":
          return;
        case "publishing":
          if (!this.#isPublishing) this.#tell(event);
          this.#isPublishing = true;
          return;
        case "warning":
          return this.#tell({ ...event, finding: findingIn(event.finding, database) });
        case "note":
          return this.#tell({ ...event, message: `${database}: ${event.message}` });
        case "table-started":
        case "rows":
        case "table-finished":
        case "verifying":
          return this.#tell({ ...event, table: `${database}.${event.table}` });
        case "verified":
          return this.#tell({ ...event, database });
        default:
          return this.#tell(event);
      }
    };
  }

  /** All are planned: told before a row of any moves. */
  planned(): void {
    const sum = (numbers: readonly (number | null)[]) =>
      numbers.reduce((total, one) => (total === null || one === null ? null : total + one), 0);
    this.#tell({
      type: "planned",
      source: oneOf(this.#planned.map(({ source }) => source)),
      target: oneOf(this.#planned.map(({ target }) => target)),
      tables: this.#planned.reduce((total, { tables }) => total + tables, 0),
      rowEstimate: sum(this.#planned.map(({ rowEstimate }) => rowEstimate)),
      byteEstimate: sum(this.#planned.map(({ byteEstimate }) => byteEstimate)),
    });
  }
}
