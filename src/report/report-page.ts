import { createHash } from "node:crypto";
import type { Finding } from "../errors.ts";
import { MOST_TEXTS } from "../verify/anonymity.ts";
import type { ColumnFidelity, TableVerification, Verification } from "../verify/verification.ts";
import { amount, counted, duration } from "../written-numbers.ts";
import { Html, html } from "./html.ts";
import { REPORT_STYLE } from "./report-style.ts";
import { shapePlot } from "./shape-plot.ts";

/** What the page says beside the verification. */
export interface ReportFacts {
  /** When the copy was looked at. */
  readonly at: Date;
  /** The version of standin. */
  readonly version: string;
  /** Which key is set, null where none is. */
  readonly keyFingerprint: string | null;
}

/**
 * A verification as one page for people: opens from disk, loads nothing, runs no script, and holds names, counts and shares alone.
 */
export function reportPage(verification: Verification, facts: ReportFacts): string {
  const { findings, tables } = verification;
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
<title>standin: is the copy clean?</title>
<style>${new Html(REPORT_STYLE)}</style>
</head>
<body><main>
<h1>Is the copy clean?</h1>
<p class="soft">${verification.source} → ${verification.target}, looked at on ${facts.at.toISOString().slice(0, 16).replace("T", " ")} UTC by standin ${facts.version}</p>
${verdict(findings)}
${factList(verification, facts)}
${findings.length === 0 ? null : html`<h2>Findings</h2><ul class="findings">${findings.map(findingItem)}</ul>`}
${riskTable(tables)}
<h2>Tables</h2>
<p class="soft"><span class="key before"></span> before <span class="key after"></span> after: the distribution of numbers and dates, else of lengths, in steps of the source's deviation.</p>
${tables.map(tableDetails)}
<h2>What this cannot tell</h2>
<p>Names and words that thousands share, texts of fewer than 6 characters, numbers of fewer than 8 digits, dates, places and pictures were not looked for. Masked data that can be undone with a key, or joined with other data, is still personal data (GDPR Art. 4(5), Recital 26). That nothing was found is evidence, and no proof.</p>
</main></body>
</html>`.text
}
`;
}

function verdict(findings: readonly Finding[]): Html {
  const errors = findings.filter(({ severity }) => severity === "error").length;
  if (errors > 0) return html`<p class="verdict bad">✗ ${counted(errors, "thing")} to mend</p>`;
  return html`<p class="verdict good">✓ Nothing was found that should not be there${findings.length > 0 ? `; ${counted(findings.length, "thing")} may be worth a look` : ""}</p>`;
}

function factList({ scope, tables, planFingerprint, milliseconds }: Verification, { keyFingerprint }: ReportFacts): Html {
  const columns = tables.flatMap((table) => table.columns);
  const masked = columns.filter(({ transform }) => transform !== "keep").length;
  const facts: [string, string][] = [
    ["Rows", amount(tables.reduce((sum, { targetRows }) => sum + targetRows, 0))],
    ["Tables copied", amount(tables.length)],
    ["Columns masked", `${amount(masked)} of ${amount(columns.length)}`],
    ["Values looked for", `${amount(scope.watched)}${scope.every === 1 ? "" : ` (one of ${scope.every})`}`],
    ["Cells searched", amount(scope.cells)],
    ["Unique keys, references", `${amount(scope.keys)}, ${amount(scope.references)}`],
    ["Plan", planFingerprint],
    ["Key", keyFingerprint ?? "not compared"],
    ["Took", duration(milliseconds)],
  ];
  return html`<dl>${facts.map(([name, value]) => html`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

function findingItem({ severity, code, message, hint }: Finding): Html {
  const sign = severity === "error" ? html`<span class="bad">✗</span>` : html`<span class="odd">!</span>`;
  return html`<li>${sign} ${message} <code class="soft">${code}</code>${hint === undefined ? null : html`<br><span class="soft">→ ${hint}</span>`}</li>`;
}

function riskTable(tables: readonly TableVerification[]): Html | null {
  const judged = tables.filter(({ anonymity }) => anonymity !== null);
  if (judged.length === 0) return null;
  const rows = judged.map(({ table, anonymity }) => {
    const { k, l, classes, uniqueShare, belowShare } = anonymity!;
    const diversity = Object.entries(l).map(
      ([column, least]) => `${column}: ${least < MOST_TEXTS ? least : `${MOST_TEXTS} or more`}`,
    );
    return html`<tr><td data-of="table"><code>${table}</code></td>${cell("k", k)}${cell("l", diversity.join(", ") || "–")}${cell("groups", amount(classes))}${cell("alone", percent(uniqueShare))}${cell("below k", percent(belowShare))}</tr>`;
  });
  return html`<h2>Risk of being told apart</h2><div class="wide"><table><thead><tr><th>Table</th><th>k</th><th>l</th><th>Groups</th><th>Rows alone in theirs</th><th>Rows below the wanted k</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}

function tableDetails({ table, sourceRows, targetRows, columns }: TableVerification): Html {
  const rows = sourceRows === targetRows ? counted(targetRows, "row") : `${counted(targetRows, "row")} of ${amount(sourceRows)}`;
  const masked = columns.filter(({ transform }) => transform !== "keep").length;
  return html`<details><summary><code>${table}</code> <span class="soft">${rows}, ${masked} of ${counted(columns.length, "column")} masked</span></summary>
<div class="wide"><table><thead><tr><th>Column</th><th>Becomes</th><th>NULL</th><th>Different values</th><th>Mean length</th><th>Distribution</th></tr></thead>
<tbody>${columns.map(columnRow)}</tbody></table></div></details>`;
}

function columnRow({ column, transform, source, target, shapes }: ColumnFidelity): Html {
  return html`<tr><td data-of="column"><code>${column}</code></td>${cell("becomes", transform)}${cell("NULL", change(percent(source.nullShare), percent(target.nullShare)))}${cell("different", change(amount(source.distinct), amount(target.distinct)))}${cell("length", change(source.meanLength.toFixed(1), target.meanLength.toFixed(1)))}<td data-of="distribution">${shapes === null ? html`–` : shapePlot(shapes, column)}</td></tr>
`;
}

function cell(of: string, value: string | number): Html {
  return html`<td class="number" data-of="${of}">${value}</td>`;
}

function change(before: string, after: string): string {
  return before === after ? before : `${before} → ${after}`;
}

function percent(share: number): string {
  return `${(share * 100).toLocaleString("en", { maximumFractionDigits: 1 })} %`;
}
