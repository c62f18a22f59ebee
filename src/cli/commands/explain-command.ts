import { type Explanation, explain } from "../../explain.ts";
import { inertText } from "../../policy/parse/written-name.ts";
import { type PolicyOptions, readOnePolicy } from "../read-policy.ts";
import { paintFor } from "../show/paint.ts";
import { optionTexts } from "../show/plan-lines.ts";
import { problemLines } from "../show/print-error.ts";
import { printJson } from "../show/print-json.ts";

/** `standin explain table.column`. */
export async function explainCommand(column: string, options: PolicyOptions, signal: AbortSignal): Promise<void> {
  const { policy, file } = await readOnePolicy(options);
  const explanation = await explain(policy, column, { signal });
  if (options.json) printJson("explanation", explanation);
  else process.stdout.write(`${explanationLines(explanation, file, process.stdout).join("\n")}\n`);
}

/** An explanation as a person reads it. */
export function explanationLines(found: Explanation, file: string, output: NodeJS.WritableStream): readonly string[] {
  const paint = paintFor(output);
  const entry = (title: string, lines: readonly string[]) =>
    lines.map((line, index) => `  ${paint("dim", (index === 0 ? title : "").padEnd(10))}  ${inertText(line)}`);
  const shape = [found.columnType, ...(found.nullable ? [] : ["NOT NULL"]), ...found.keys.map((key) => `in ${key}`)];
  const { example } = found;
  return [
    `${paint("bold", inertText(found.name))}  ${paint("dim", inertText(shape.join(", ")))}`,
    ...entry("becomes", [decisionText(found)]),
    ...entry("because", becauseLines(found)),
    ...entry("domain", found.domain === null ? [] : [found.domain]),
    ...entry("maps like", found.sameDomain),
    ...entry("promises", found.guarantees),
    ...entry(
      "example",
      example === null ? [] : [`${example.value} → ${example.masked ?? "NULL"}`, "(a made-up value under a made-up key)"],
    ),
    ...problemLines(found.findings, file, output),
  ];
}

function decisionText({ decision, transform, options }: Explanation): string {
  if (decision === "none") return "nothing: the policy has no rule for it, and refuses to run";
  if (decision === "generated") return "what the target's server computes";
  if (decision === "keep") return `itself, copied as it is${reasonOf(options)}`;
  if (transform === null) return decision;
  const shown = optionTexts({}, options, null);
  return shown.length === 0 ? transform : `${transform}  ${shown.join(", ")}`;
}

function reasonOf({ reason }: Explanation["options"]): string {
  return typeof reason === "string" ? `: ${reason}` : "";
}

function becauseLines({ name, inherited, decision, broughtBy, classedBy, branches }: Explanation): readonly string[] {
  if (decision === "none") return [];
  if (decision === "generated") return [`the server computes ${name}`];
  const steps = inherited.map(
    ({ from, to, key }) => `${from} references ${to} (${key ?? "as the policy says"}), and takes its rule`,
  );
  const owner = inherited.at(-1)?.to ?? name;
  const classed = classedBy === null ? [] : [`that it holds such things says ${classedBy}`];
  const rows = branches.map(({ when, transform }) => `where ${JSON.stringify(when)}: ${transform}`);
  return [...steps, `the policy gives ${owner} this rule${broughtBy === null ? "" : `, by ${broughtBy}`}`, ...classed, ...rows];
}
