import { stringify } from "yaml";
import { describeFunction, sqlFunctionNames } from "../src/conditions/sql-functions.ts";
import { writtenRule } from "../src/policy/parse/written-rule.ts";
import { DEFAULT_RULES, KINDS_OF_TEXT, TEXT_KINDS } from "../src/transforms/free-text/text-patterns.ts";
import { ID_SCHEMES } from "../src/transforms/ids/id-schemes.ts";
import { filterForms } from "../src/transforms/pieces/template-filters.ts";
import { OPERATORS } from "./condition-operators.ts";
import { table } from "./transform-facts.ts";

/** A part of the page that tells what some transforms' options may say. */
interface Detail {
  readonly title: string;
  /** The transforms that it is about. */
  readonly of: readonly string[];
  readonly parts: () => readonly string[];
}

/** Read off the tables that the code itself goes by. */
export const DETAILS: readonly Detail[] = [
  {
    title: "Kinds of identifiers",
    of: ["encryptId"],
    parts: () => [
      "The `scheme` of `encryptId`, beside a regular expression between slashes. A country is an ISO 3166 code. What `keep: true` keeps stands in the last column.",
      table(
        ["scheme", "country", "is", "keeps"],
        Object.entries(ID_SCHEMES).map(([name, { describe, keeps = "" }]) => [`\`${name}\``, countryOf(name), describe, keeps]),
      ),
    ],
  },
  {
    title: "Conditions",
    of: ["when", "keepIf", "nullIf"],
    parts: () => [
      `The \`if\` of \`when\`, \`keepIf\` and \`nullIf\`, in the SQL of CHECKs. \`value\` is the value to mask, any other name a column of the row as it was; \`"value"\` is a column that is
called so. Texts stand in single quotes (\`'O''Brien'\`); numbers, \`true\`, \`false\` and \`null\` as they are.`,
      table(
        ["operator", "means", "example"],
        OPERATORS.map(({ written, means, example }) => [written.map((one) => `\`${one}\``).join(", "), means, `\`${example}\``]),
      ),
      "Functions, of which NULL makes NULL unless it says otherwise:",
      table(["function", "gives"], functionRows()),
    ],
  },
  {
    title: "Filters of templates",
    of: ["template"],
    parts: () => [
      "They stand behind a column, one after the other: `{{masked.last_name | ascii | lower | first 1}}`. Characters are code points, and NULL stays NULL.",
      table(
        ["filter", "makes of a text"],
        filterForms().map(({ call, describe }) => [`\`${call}\``, describe]),
      ),
    ],
  },
  {
    title: "What is found in texts",
    of: ["maskText"],
    parts: () => [
      "Beside the values of the row's columns, and what `recognise` tells. `find` chooses among these kinds, `patterns` gives one another rule.",
      table(
        ["kind", "finds", "masked by"],
        TEXT_KINDS.map((kind) => [`\`${kind}\``, KINDS_OF_TEXT[kind], `\`${ruleText(kind)}\``]),
      ),
    ],
  },
];

/** `nl` of `nl.bsn`, `gb` of `postcode.gb`. */
function countryOf(name: string): string {
  const [, country] = /^(?:postcode|plate)\.(..)$/.exec(name) ?? /^(..)\./.exec(name) ?? [];
  return country === undefined ? "any" : country.toUpperCase();
}

/** Functions that give the same stand in one row. */
function functionRows(): readonly (readonly string[])[] {
  const namesOf = new Map<string, string[]>();
  for (const name of sqlFunctionNames()) {
    const describe = describeFunction(name);
    namesOf.set(describe, [...(namesOf.get(describe) ?? []), `\`${name}\``]);
  }
  return [...namesOf].map(([describe, names]) => [names.join(", "), describe]);
}

function ruleText(kind: (typeof TEXT_KINDS)[number]): string {
  const written = writtenRule(DEFAULT_RULES[kind](undefined));
  return stringify(written, { collectionStyle: "flow", lineWidth: 0, flowCollectionPadding: false })
    .trim()
    .replace(/^\{(.*)\}$/, "$1");
}
