import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Guarantees, Transform } from "../src/contracts.ts";
import { needsKey } from "../src/inner-rules.ts";
import type { OptionSpec } from "../src/option-spec.ts";
import { transformByName, transformNames } from "../src/transforms/registry.ts";
import { type GoldenExample, goldenExample } from "./golden-example.ts";
import { DETAILS } from "./mask-details.ts";
import { PEERS } from "./peers/index.ts";
import type { Peer } from "./peers/peer.ts";
import { kindsText, plainGuarantees, plainRule, summary, table, uniquenessText } from "./transform-facts.ts";

export const MASKS_FILE = join(import.meta.dirname, "masks.md");

/** More choices than these are faker's methods and locales. */
const MOST_CHOICES = 20;

/** docs/masks.md, which `npm run docs` writes: what every transform says of itself, and what it is called elsewhere. */
export function masksPage(): string {
  const transforms = transformNames().map((name) => transformByName(name)!);
  const parts = [
    "# The masks",
    "<!-- Written by `npm run docs` from the transforms' specs, the golden files and docs/peers. -->",
    `Every transform with what it takes, what it promises, its options and an example. Further below stand ${DETAILS.map(({ title }) => linkTo(title)).join(", ")}, and [what it is called in other tools](#from-other-tools).`,
    "## Promises",
    PROMISES_INTRODUCTION,
    promisesTable(transforms),
    "## Options and examples",
    OPTIONS_INTRODUCTION,
    ...transforms.flatMap(section),
    ...DETAILS.flatMap(({ title, parts }) => [`## ${title}`, ...parts()]),
    "## From other tools",
    MAP_INTRODUCTION,
    ...PEERS.flatMap(peerParts),
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The page as it was written last. */
export function masksPageAsWritten(): string {
  return readFileSync(MASKS_FILE, "utf8");
}

const PROMISES_INTRODUCTION = `A promise may depend on the options, the column and the rules inside of a rule. The table tells of each transform with as few options as it can do
with, in a column of the first kind that it takes; the plan goes by those of the rule that is there, \`standin explain\` prints them, and \`checkTransform\` of
\`standin/testing\` proves them.

- **Same again:** the same key, domain and value give the same stand-in, in any order, process and system.
- **Unique values:** whether different values stay different, which a unique column needs.
- **Undone:** whether the value can be got back, by whoever holds the key.
- **Length:** the stand-in has as many characters as the value.
- **Differs:** whether the stand-in is another one than the value; "almost always" is as a random draw would.`;

const OPTIONS_INTRODUCTION = `A rule stands in a policy as shown, \`column: rule\`. The examples are under the key of the tests, which protects nothing; under yours everything maps otherwise.
An option in **bold** may stand alone, as its value: \`encryptId: iban\` in YAML, \`encryptId("iban")\` in code, and with others behind it \`encryptId("iban", { keep: true })\`.
Beside its own options every rule may have \`domain\` and \`onUnsupported\`: what becomes of a value that it cannot handle. \`fail\` stops the run, which is what happens
where nothing is said, \`nullify\` makes the value NULL, and \`redact\` makes it stars. It is never passed through.`;

const MAP_INTRODUCTION = `What each transform of other tools is here. Where theirs draws at random, ours takes the stand-in from the key and the value: it is the same in every run, table and
file. "None" is said where there is no equal.`;

function promisesTable(transforms: readonly Transform[]): string {
  const head = ["transform", "technique", "takes", "same again", "unique values", "undone", "length", "differs"];
  const rows = transforms.map((transform) => {
    const { deterministic, uniqueness, reversible, preservesLength, changesInput } = plainGuarantees(transform);
    return [
      `[\`${transform.name}\`](#${transform.name.toLowerCase()})`,
      transform.technique,
      kindsText(transform),
      deterministic ? "yes" : "no",
      uniquenessText(uniqueness),
      reversible ? (needsKey(plainRule(transform)) ? "with the key" : "yes") : "no",
      preservesLength ? "kept" : "may change",
      DIFFERS[changesInput],
    ];
  });
  return table(head, rows);
}

const DIFFERS: Readonly<Record<Guarantees["changesInput"], string>> = {
  always: "always",
  "almost-always": "almost always",
  "not-promised": "no promise",
};

function section(transform: Transform): readonly string[] {
  const options = Object.entries(transform.options);
  const example = goldenExample(transform.name);
  const fixed = transform.fixedPoints?.description;
  const details = DETAILS.filter(({ of }) => of.includes(transform.name)).map(({ title }) => linkTo(title));
  return [
    `### ${transform.name}`,
    `${summary(transform.name)}${fixed === undefined ? "" : ` Stays as it is: ${fixed}.`}`,
    ...(transform.unsupported == null ? [] : [`Cannot handle: ${transform.unsupported}.`]),
    ...(details.length === 0 ? [] : [`See also: ${details.join(", ")}.`]),
    ...(options.length === 0 ? [] : [optionsTable(options, transform.shorthand)]),
    ...(example === undefined ? [] : [exampleText(example)]),
  ];
}

/** To a heading of the same page, by the anchor that GitHub gives it. */
const linkTo = (title: string) => `[${title}](#${title.toLowerCase().replaceAll(" ", "-")})`;

function optionsTable(options: readonly (readonly [string, OptionSpec<unknown>])[], shorthand: string | null): string {
  const head = ["option", "is", "default", "what for"];
  const rows = options.map(([name, spec]) => [
    name === shorthand ? `**${code(name)}**` : code(name),
    spec.choices !== undefined && spec.choices.length <= MOST_CHOICES ? spec.choices.map(code).join(", ") : spec.kind,
    !spec.isOptional ? "needed" : spec.default === undefined ? "" : code(JSON.stringify(spec.default)),
    spec.describe,
  ]);
  return table(head, rows);
}

function exampleText({ column, written, original, masked, others }: GoldenExample): string {
  const rule = stringify({ [column]: written }, { collectionStyle: "flow", lineWidth: 0, flowCollectionPadding: false });
  const row = others.map((other) => {
    const leaves = other.masked === other.original ? "" : ` (masked: ${cellText(other.masked)})`;
    return `${code(other.column)} is ${cellText(other.original)}${leaves}`;
  });
  const where = row.length === 0 ? "" : `, where ${row.join(" and ")}`;
  return `\`\`\`yaml\n${rule.trim().slice(1, -1)}\n\`\`\`\n\n${cellText(original)} becomes ${cellText(masked)}${where}.`;
}

const cellText = (value: string | null) => (value === null ? "NULL" : value === "" ? "an empty string" : code(value));

/** As code in Markdown, which shows a line break as a blank. */
const code = (text: string) => (text.includes("`") ? `\`\` ${text} \`\`` : `\`${text}\``);

function peerParts({ name, version, transforms }: Peer): readonly string[] {
  const head = ["theirs", "here", "note"];
  const rows = transforms.map(([theirs, ours, note]) => [theirs, ours ?? "none", note ?? ""]);
  return [`### ${name}${version === undefined ? "" : ` ${version}`}`, table(head, rows)];
}
