/** How the report looks, on a screen, a phone and paper, by day and by night. */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --ink: #1c2430; --soft: #5b6675; --line: #d9dee5; --paper: #fff; --well: #f5f7f9;
  --good: #18794e; --bad: #c0262d; --odd: #9a6700; --before: #8a94a3; --after: #0b6bcb; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6eaf0; --soft: #9aa5b4; --line: #2f3742; --paper: #12161c; --well: #1a2029;
  --good: #4cc38a; --bad: #ff7b81; --odd: #e3b341; --before: #76818f; --after: #58a6ff; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
main { max-width: 76rem; margin: 0 auto; padding: 1.5rem 1rem 4rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; } h2 { font-size: 1.15rem; margin: 2.25rem 0 .5rem; }
p { margin: .25rem 0; } .soft { color: var(--soft); } .small { font-size: .85rem; } .good { color: var(--good); } .bad { color: var(--bad); } .odd { color: var(--odd); }
.verdict { font-size: 1.1rem; font-weight: 600; margin: 1rem 0; padding: .75rem 1rem; border-left: 4px solid; background: var(--well); overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(9.5rem, 1fr)); gap: .75rem 1.5rem; margin: 1rem 0; }
dt { color: var(--soft); font-size: .85rem; } dd { margin: 0; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
ul.findings { list-style: none; margin: 0; padding: 0; } ul.findings li { padding: .5rem 0; border-top: 1px solid var(--line); overflow-wrap: anywhere; }
code { font: .85em ui-monospace, monospace; overflow-wrap: anywhere; }
details { border-top: 1px solid var(--line); } summary { cursor: pointer; padding: .5rem 0; } summary code { font-weight: 600; font-size: .95em; }
.wide { overflow-x: auto; } table { border-collapse: collapse; width: 100%; margin: 0 0 1rem; font-variant-numeric: tabular-nums; }
th, td { text-align: left; padding: .3rem .75rem .3rem 0; border-top: 1px solid var(--line); vertical-align: top; }
th { font-weight: 500; color: var(--soft); font-size: .85rem; white-space: nowrap; } td.number { white-space: nowrap; } td:first-child { min-width: 9rem; }
svg { display: block; width: 120px; height: 32px; } svg .before { fill: var(--before); opacity: .45; } svg .after { fill: none; stroke: var(--after); stroke-width: 1.5; }
.key { display: inline-block; width: .8em; height: .8em; vertical-align: -.05em; } .key.before { background: var(--before); opacity: .45; } .key.after { border-top: 2px solid var(--after); height: .35em; }
@media (max-width: 40rem) {
  table, tbody, tr, td { display: block; } thead { display: none; } tr { border-top: 1px solid var(--line); padding: .5rem 0; }
  td { border: 0; padding: .1rem 0; } td.number { display: inline-block; padding-right: 1rem; } td::before { content: attr(data-of) " "; color: var(--soft); font-size: .85rem; } td:first-child::before { content: ""; }
}
@media print { details::details-content { content-visibility: visible; display: block; } body { font-size: 11px; } summary { list-style: none; } tr, li { break-inside: avoid; } }
`;
