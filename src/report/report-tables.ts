import { MOST_TEXTS } from "../verify/anonymity.ts";
import type { ColumnFidelity, TableVerification } from "../verify/verification.ts";
import { amount, counted, duration } from "../written-numbers.ts";
import { type Html, html } from "./html.ts";
import { shapePlot } from "./shape-plot.ts";
import type { ColumnView, TableView } from "./table-views.ts";

/** How easily people of the copy are told apart. */
export function riskTable(tables: readonly TableVerification[]): Html | null {
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

/** One table, folded. */
export function tableDetails({ table, rows, sourceRows, milliseconds, columns }: TableView): Html {
  const count = sourceRows === rows ? counted(rows, "row") : `${counted(rows, "row")} of ${amount(sourceRows)}`;
  const masked = columns.filter(({ decision }) => decision === "mask").length;
  const time = milliseconds === null ? "" : `, ${duration(milliseconds)}`;
  const isVerified = columns.some(({ fidelity }) => fidelity !== null);
  const looks = isVerified
    ? html`<th>NULL</th><th>Different values</th><th>Mean length</th><th>Real</th><th>Same</th><th>Top</th><th>Distribution</th>`
    : null;
  return html`<details><summary><code>${table}</code> <span class="soft">${count}, ${masked} of ${counted(columns.length, "column")} masked${time}</span></summary>
<div class="wide"><table><thead><tr><th>Column</th><th>Becomes</th>${looks}</tr></thead>
<tbody>${columns.map((column) => columnRow(column, isVerified))}</tbody></table></div></details>`;
}

function columnRow(view: ColumnView, isVerified: boolean): Html {
  return html`<tr><td data-of="column"><code>${view.column}</code></td><td data-of="becomes">${view.transform}${promises(view)}</td>${isVerified ? looks(view.fidelity) : null}</tr>
`;
}

/** What kind of protection a mask is, and what it leaves. */
function promises({ decision, isDeterministic, report }: ColumnView): Html | null {
  if (decision !== "mask") return null;
  const words = [
    ...(report?.technique == null || report.technique === "none" ? [] : [report.technique]),
    ...(isDeterministic ? ["equal stays equal"] : []),
    ...(report?.isReversible ? ["undone with the key"] : []),
    ...(report?.domain == null ? [] : [`domain ${report.domain}`]),
  ];
  return words.length === 0 ? null : html`<br><span class="soft small">${words.join(" · ")}</span>`;
}

function looks(fidelity: ColumnFidelity | null): Html {
  if (fidelity === null) return html`<td></td><td></td><td></td><td></td><td></td><td></td><td></td>`;
  const { column, source, target, shapes, transform, realShare, unchangedShare } = fidelity;
  const isKept = transform === "keep";
  return html`${cell("NULL", change(percent(source.nullShare), percent(target.nullShare)))}${cell("different", change(amount(source.distinct), amount(target.distinct)))}${cell("length", change(source.meanLength.toFixed(1), target.meanLength.toFixed(1)))}${cell("real", isKept ? "–" : percent(realShare))}${cell("same", unchangedShare === null ? "–" : percent(unchangedShare))}${cell("top", change(percent(source.mostCommonShare), percent(target.mostCommonShare)))}<td data-of="distribution">${shapes === null ? html`–` : shapePlot(shapes, column)}</td>`;
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
