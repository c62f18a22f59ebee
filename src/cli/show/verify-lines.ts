import { inertText } from "../../policy/parse/written-name.ts";
import type { Anonymity } from "../../verify/anonymity.ts";
import type { TableVerification, Verification } from "../../verify/verification.ts";
import { amount, counted, duration } from "../../written-numbers.ts";
import type { VerifyCommandOptions } from "../commands/verify-command.ts";
import { type Paint, paintFor } from "./paint.ts";
import { problemLines } from "./print-error.ts";

/** A verification as a person reads it: what is wrong, what was looked at, and what the masks did to the columns. */
export function verifyLines(
  verification: Verification,
  isClean: boolean,
  { policy, report }: Pick<VerifyCommandOptions, "policy" | "report">,
  output: NodeJS.WritableStream,
): readonly string[] {
  const paint = paintFor(output);
  const { findings, tables, scope, milliseconds } = verification;
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const verdict = isClean
    ? `${paint("green", "✓")} Nothing was found in the copy that should not be there: ${counted(tables.length, "table")} in ${duration(milliseconds)}.`
    : `${paint("red", "✗")} ${counted(errors === 0 ? findings.length : errors, "thing")} to mend, ${counted(tables.length, "table")} in ${duration(milliseconds)}.`;
  return [
    ...problemLines(findings, policy, output),
    ...riskLines(tables, paint),
    verdict,
    paint(
      "dim",
      `  ${amount(scope.watched)} values of masked columns${scope.every === 1 ? "" : ` (one of ${scope.every})`} looked for in ${counted(scope.cells, "cell")}, ${counted(scope.keys, "unique key")}, ${counted(scope.references, "reference")}`,
    ),
    ...writtenLines(report, paint),
  ];
}

/** Where the report is. */
export function writtenLines(report: string | undefined, paint: Paint): readonly string[] {
  return report === undefined ? [] : [paint("dim", `  written to ${inertText(report)}`)];
}

function riskLines(tables: readonly TableVerification[], paint: Paint): readonly string[] {
  return tables.flatMap(({ table, anonymity }) => (anonymity === null ? [] : [riskLine(table, anonymity, paint)]));
}

function riskLine(table: string, { k, classes, uniqueShare, l }: Anonymity, paint: Paint): string {
  const diversity = Object.entries(l).map(([column, least]) => `, l = ${least} for ${column}`);
  return `  ${paint("cyan", "·")} ${table}: k = ${k}${diversity.join("")}, in ${counted(classes, "group")}; ${Math.round(uniqueShare * 100)} % of the rows are alone in theirs`;
}
