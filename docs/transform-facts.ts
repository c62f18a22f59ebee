import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { csvColumn } from "../src/connectors/csv/csv-table.ts";
import type { Column, Guarantees, Rule, Transform, Uniqueness } from "../src/contracts.ts";
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
  unique,
  when,
} from "../src/transforms/index.ts";

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
  unique({ rule: fake("internet.username") }),
  segments({ pattern: "(.*)", groups: { 1: encryptDigits() } }),
  persona({ field: "email", by: "id" }),
];

const TRANSFORMS = join(import.meta.dirname, "..", "src", "transforms");
const FILES = readdirSync(TRANSFORMS, { recursive: true, encoding: "utf8" });

/** A rule by this transform, with as few options as it can do with. */
export function plainRule(transform: Transform): Rule {
  return EXAMPLES.find((example) => example.transform === transform) ?? createRule(transform);
}

/** What the transform promises so, in a column of the first kind that it takes. */
export function plainGuarantees(transform: Transform): Guarantees {
  const column: Column = csvColumn("x", transform.accepts[0]);
  return transform.guarantees(plainRule(transform).options, column);
}

export function kindsText({ accepts }: Transform): string {
  return accepts.length > 15 ? "everything" : accepts.join(", ");
}

export function uniquenessText(uniqueness: Uniqueness): string {
  switch (uniqueness.kind) {
    case "preserved":
      return "stay unique";
    case "unlikely-lost":
      return `stay unique but for odds of ${uniqueness.bits} bits`;
    case "lossy":
      return "may meet";
  }
}

/** A table in Markdown. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...rows].map(tableRow).join("\n");
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
}

/** The first sentence of the transform's doc comment, which is also what an editor shows. */
export function summary(name: string): string {
  const file = `${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.ts`;
  const found = FILES.find((path) => basename(path) === file)!;
  const source = readFileSync(join(TRANSFORMS, found), "utf8");
  const before = source.slice(0, source.indexOf(`export const ${name} =`));
  const comment = before.slice(before.lastIndexOf("/**") + 3, before.lastIndexOf("*/"));
  const text = comment
    .replace(/^\s*\* ?/gm, "")
    .trim()
    .replaceAll(/\s*\n(?!\n)/g, " ");
  return /^.*?\.(?=\s|$)/s.exec(text)![0];
}
