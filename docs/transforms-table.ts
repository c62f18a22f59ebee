import { readFileSync } from "node:fs";
import { join } from "node:path";
import { csvColumn } from "../src/connectors/csv/csv-table.ts";
import type { Column, Rule, Transform, Uniqueness } from "../src/contracts.ts";
import { needsKey } from "../src/inner-rules.ts";
import type { OptionSpec } from "../src/option-spec.ts";
import { createRule } from "../src/transforms/define-transform.ts";
import {
  callService,
  chain,
  constant,
  custom,
  decode,
  encryptDigits,
  encryptId,
  fake,
  ifInvalid,
  keepIf,
  mapValues,
  maskArray,
  maskComposite,
  maskCsv,
  maskHstore,
  maskJson,
  maskList,
  maskPhp,
  maskQuery,
  maskRange,
  maskXml,
  nullIf,
  persona,
  pick,
  redact,
  roundNumber,
  scramble,
  segments,
  shiftDates,
  template,
  when,
} from "../src/transforms/index.ts";
import { transformByName, transformNames } from "../src/transforms/registry.ts";

/** A rule for each transform that cannot do without options. */
const EXAMPLES: readonly Rule[] = [
  chain([encryptDigits(), redact({ keepLast: 4 })]),
  encryptId({ scheme: "iban" }),
  maskJson({ paths: { "$.contacts[*].email": fake("internet.email") } }),
  maskXml({ paths: { "//email": fake("internet.email") } }),
  maskPhp({ paths: { "$.email": fake("internet.email") } }),
  maskHstore({ keys: { email: fake("internet.email") } }),
  maskComposite({ fields: { 0: scramble() } }),
  maskCsv({ columns: { 0: scramble() } }),
  maskQuery({ parameters: { email: fake("internet.email") } }),
  maskArray({ items: scramble() }),
  maskList({ items: scramble() }),
  maskRange({ bounds: shiftDates({ by: "id" }) }),
  decode({ as: "base64", then: scramble() }),
  fake("internet.email"),
  roundNumber({ to: 10 }),
  constant({ value: "x" }),
  mapValues({ map: { active: "open" } }),
  pick({ from: ["gold", "silver"] }),
  custom((value: string) => value),
  callService(async (values) => values),
  when({ if: "country = 'DE'", then: encryptDigits(), else: redact() }),
  keepIf({ values: ["n/a"], else: redact() }),
  nullIf({ values: ["n/a"], else: redact() }),
  ifInvalid({ valid: "email", then: redact(), else: fake("internet.email") }),
  template({ text: "{{masked.name}}" }),
  segments({ pattern: "(.*)", groups: { 1: encryptDigits() } }),
  persona({ field: "email", by: "id" }),
];

const TRANSFORMS = join(import.meta.dirname, "..", "src", "transforms");

/** The README's table of transforms, read off their specs. */
export function transformsTable(): string {
  const rows = transformNames().map((name) => row(transformByName(name)!));
  return [
    "| transform | what it does | takes | technique | unique values | with the key | options |",
    "| --- | --- | --- | --- | --- | --- | --- |",
    ...rows,
  ].join("\n");
}

function row(transform: Transform): string {
  const rule = EXAMPLES.find((example) => example.transform === transform) ?? createRule(transform);
  const column: Column = csvColumn("x", transform.accepts[0]);
  const { uniqueness, reversible, deterministic } = transform.guarantees(rule.options, column);
  const key = !needsKey(rule) ? "no key" : reversible ? "can be undone" : deterministic ? "can be repeated" : "no promise";
  const options = Object.entries(transform.options).map(([name, spec]) => optionText(name, spec));
  const cells = [
    `\`${transform.name}\``,
    summary(transform.name),
    transform.accepts.length > 15 ? "everything" : transform.accepts.join(", "),
    transform.technique,
    uniquenessText(uniqueness),
    key,
    options.join("<br>") || "",
  ];
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

function optionText(name: string, spec: OptionSpec<unknown>): string {
  const value = spec.isOptional ? (spec.default === undefined ? "" : ` = ${JSON.stringify(spec.default)}`) : " (needed)";
  return `\`${name}\`${value}`;
}

function uniquenessText(uniqueness: Uniqueness): string {
  switch (uniqueness.kind) {
    case "preserved":
      return "stay unique";
    case "unlikely-lost":
      return `stay unique but for odds of ${uniqueness.bits} bits`;
    case "lossy":
      return "may meet";
  }
}

/** The first sentence of the transform's doc comment, which is also what an editor shows. */
function summary(name: string): string {
  const file = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  const source = readFileSync(join(TRANSFORMS, `${file}.ts`), "utf8");
  const before = source.slice(0, source.indexOf(`export const ${name} =`));
  const comment = before.slice(before.lastIndexOf("/**") + 3, before.lastIndexOf("*/"));
  const text = comment
    .replace(/^\s*\* ?/gm, "")
    .trim()
    .replaceAll(/\s*\n(?!\n)/g, " ");
  return /^.*?\.(?=\s|$)/s.exec(text)![0];
}
