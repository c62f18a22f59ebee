import { createHash } from "node:crypto";
import type { Finding } from "../errors.ts";
import { deletedRows, type Report } from "../pipeline/report.ts";
import type { Verification } from "../verify/verification.ts";
import { amount, counted, duration } from "../written-numbers.ts";
import { Html, html } from "./html.ts";
import { REPORT_STYLE } from "./report-style.ts";
import { riskTable, tableDetails } from "./report-tables.ts";
import { type TableView, tableViews } from "./table-views.ts";

/** What a page is about: a run, or a verification alone. */
export type Evidence = Report | Verification;

/** What the page says beside the evidence. */
export interface ReportFacts {
  /** When the copy was looked at. */
  readonly at: Date;
  /** The version of standin. */
  readonly version: string;
  /** Which key is set, null where none is. */
  readonly keyFingerprint: string | null;
  /** False where nothing may be worth a look, and something is. @default whether no finding is an error */
  readonly ok?: boolean | undefined;
  /** False for what a run found before it published, and so did not. @default true */
  readonly isPublished?: boolean | undefined;
}

/**
 * A run, or a verification, as one page for people: opens from disk, loads nothing, runs no script, and holds names, counts and shares alone.
 */
export function reportPage(evidence: Evidence, facts: ReportFacts): string {
  const run = "verification" in evidence ? evidence : null;
  const verification = "verification" in evidence ? evidence.verification : evidence;
  const title = run === null ? "Is the copy clean?" : "What the run did";
  const views = tableViews(run, verification);
  const findings = [...(run?.warnings ?? []), ...(verification?.findings ?? [])];
  // The hash admits this style and no other (CSP Level 3, §2.3.1).
  const hash = createHash("sha256").update(REPORT_STYLE).digest("base64");
  return `<!doctype html>
${
  html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-${new Html(hash)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>standin: ${title}</title>
<style>${new Html(REPORT_STYLE)}</style>
</head>
<body><main>
<h1>${title}</h1>
<p class="soft">${whereTo(evidence)}, ${run === null ? "looked at" : "published"} on ${facts.at.toISOString().slice(0, 16).replace("T", " ")} UTC by standin ${facts.version}</p>
${verdict(run, verification, facts)}
${factList(evidence, views, facts)}
${findings.length === 0 ? null : html`<h2>Findings</h2><ul class="findings">${findings.map(findingItem)}</ul>`}
${riskTable(verification?.tables ?? [])}
<h2>Tables</h2>
${
  verification === null
    ? null
    : html`<p class="soft"><span class="key before"></span> before <span class="key after"></span> after: the distribution of numbers and dates, else of lengths, in steps of the source's deviation. Real: different values that the source's column has too. Same: cells that hold the value that they had. Top: share of the most frequent value.</p>`
}
${views.map(tableDetails)}
${run === null || run.notCopied.length === 0 ? null : html`<p><span class="soft">Not copied:</span> ${run.notCopied.map((name, index) => html`${index === 0 ? "" : ", "}<code>${name}</code>`)}</p>`}
${run === null || run.notes.length === 0 ? null : html`<h2>Notes</h2><ul>${run.notes.map((note) => html`<li>${note}</li>`)}</ul>`}
<h2>What this cannot tell</h2>
<p>${verification === null ? "The copy was not looked through: run with --verify, or standin verify afterwards." : "Names and words that thousands share, texts of fewer than 6 characters, numbers of fewer than 8 digits, dates, places and pictures were not looked for. That nothing was found is evidence, and no proof."} Masked data that can be undone with a key, or joined with other data, is still personal data (GDPR Art. 4(5), Recital 26).</p>
</main></body>
</html>`.text
}
`;
}

/** From where to where; of several databases each by its name. */
function whereTo(evidence: Evidence): string {
  const databases = "databases" in evidence ? Object.entries(evidence.databases ?? {}) : [];
  if (databases.length === 0) return `${evidence.source} → ${evidence.target}`;
  return databases.map(([name, { source, target }]) => `${name}: ${source} → ${target}`).join("; ");
}

function verdict(run: Report | null, verification: Verification | null, { ok, isPublished = true }: ReportFacts): Html {
  if (verification === null) return html`<p class="verdict">${copied(run!)}. The copy was not looked through.</p>`;
  const { findings } = verification;
  const errors = findings.filter(({ severity }) => severity === "error").length;
  if (ok === undefined ? errors > 0 : !ok)
    return html`<p class="verdict bad">✗ ${counted(errors === 0 ? findings.length : errors, "thing")} to mend${isPublished ? "" : ". The copy was not published: the target is as it was"}</p>`;
  const odd = findings.length > 0 ? `; ${counted(findings.length, "thing")} may be worth a look` : "";
  return html`<p class="verdict good">✓ ${run === null ? "" : `${copied(run)}. `}Nothing was found that should not be there${odd}</p>`;
}

const copied = (run: Report): string => {
  const deleted = deletedRows(run);
  return `${counted(run.rows, run.isIncremental ? "changed row" : "row")} of ${counted(run.tables.length, "table")} copied${deleted > 0 ? `, ${amount(deleted)} deleted` : ""}`;
};

function factList(evidence: Evidence, views: readonly TableView[], { keyFingerprint }: ReportFacts): Html {
  const run = "verification" in evidence ? evidence : null;
  const scope = "verification" in evidence ? evidence.verification?.scope : evidence.scope;
  const columns = views.flatMap((table) => table.columns);
  const count = (wanted: string) => columns.filter(({ decision }) => decision === wanted).length;
  const generated = count("generated");
  const key = run === null ? (keyFingerprint ?? "not compared") : (run.keyFingerprint ?? "none was needed");
  const facts: [string, string][] = [
    ["Rows", amount(views.reduce((sum, { rows }) => sum + rows, 0))],
    ["Tables copied", `${amount(views.length)}${run === null ? "" : ` of ${amount(views.length + run.notCopied.length)}`}`],
    ["Columns masked", `${amount(count("mask"))} of ${amount(columns.length)}`],
    ["Columns kept", `${amount(count("keep"))}${generated === 0 ? "" : `, ${amount(generated)} computed`}`],
    ...(scope === undefined
      ? []
      : ([
          ["Values looked for", `${amount(scope.watched)}${scope.every === 1 ? "" : ` (one of ${scope.every})`}`],
          ["Cells searched", amount(scope.cells)],
          ["Unique keys, references", `${amount(scope.keys)}, ${amount(scope.references)}`],
        ] as [string, string][])),
    ["Plan", evidence.planFingerprint],
    ["Key", key],
    ["Took", duration(evidence.milliseconds)],
  ];
  return html`<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function findingItem({ severity, code, message, hint }: Finding): Html {
  const sign = severity === "error" ? html`<span class="bad">✗</span>` : html`<span class="odd">!</span>`;
  return html`<li>${sign} ${message} <code class="soft">${code}</code>${hint === undefined ? null : html`<br><span class="soft">→ ${hint}</span>`}</li>`;
}
