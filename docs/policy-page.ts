import { join } from "node:path";
import { DATA_CLASSES } from "../src/policy/class-names.ts";
import { NO_CLASS } from "../src/policy/parse/parse-classes.ts";
import { policySchemaText } from "./policy-schema.ts";
import { table } from "./transform-facts.ts";

export const POLICY_FILE = join(import.meta.dirname, "reference", "policy.md");

/** What the pages of the policy's keys read of JSON Schema. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly required?: readonly string[];
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly enum?: readonly unknown[];
  readonly $ref?: string;
  readonly minimum?: number;
  readonly exclusiveMinimum?: number;
}

/** docs/reference/policy.md, which `npm run docs` writes from the JSON Schema: every key of a policy but the rules' options, which docs/masks.md has. */
export function policyPage(): string {
  const schema: Schema & { readonly definitions: Readonly<Record<string, Schema>> } = JSON.parse(policySchemaText());
  const keys = Object.entries(schema.properties!);
  const nested = keys.flatMap(([name, value]) => nestedKeys(name, value, schema.definitions));
  const parts = [
    "# Every key of a policy",
    "<!-- Written by `npm run docs` from the JSON Schema, docs/policy-schema.ts. -->",
    INTRODUCTION,
    "## The policy",
    keysTable(schema),
    ...nested,
    "## Classes",
    `What \`when\` and \`classes\` tell columns by: ${DATA_CLASSES.map((name) => `\`${name}\``).join(", ")}; and for \`classes\` \`${NO_CLASS}\`.`,
    RULES,
  ];
  return `${parts.join("\n\n")}\n`;
}

/** The keys inside of a key, one heading a level. */
function nestedKeys(name: string, schema: Schema, definitions: Readonly<Record<string, Schema>>): readonly string[] {
  const inner = objectIn(schema, definitions);
  // The classes are listed once, and an environment has the policy's own keys.
  if (inner === null || name === "environments" || name === "when") return [];
  const deeper = Object.entries(inner.schema.properties!).flatMap(([key, value]) =>
    nestedKeys(`${name}.${key}`, value, definitions),
  );
  return [`## ${name}`, ...(inner.isEach ? ["Each has:"] : []), keysTable(inner.schema), ...deeper];
}

/** The object with named keys that a key holds, or holds many of. */
function objectIn(schema: Schema, definitions: Readonly<Record<string, Schema>>): { schema: Schema; isEach: boolean } | null {
  if (schema.properties !== undefined) return { schema, isEach: false };
  const held = schema.items ?? (typeof schema.additionalProperties === "object" ? schema.additionalProperties : undefined);
  if (held !== undefined) {
    const found = objectIn(held, definitions);
    return found && { schema: found.schema, isEach: true };
  }
  if (schema.$ref !== undefined && !/rule|table/.test(schema.$ref)) return objectIn(definitions[nameOf(schema)]!, definitions);
  return null;
}

function keysTable({ properties, required = [] }: Schema): string {
  const rows = Object.entries(properties!).map(([name, value]) => {
    const { description = "" } = value;
    const [, said] = /[Dd]efault:? ([^).]+)/.exec(description) ?? [];
    return [
      `\`${name}\``,
      kindOf(value),
      required.includes(name) ? "needed" : (said ?? ""),
      description.replace(/ ?\(?[Dd]efault:? [^).]+\)?\.?/, ""),
    ];
  });
  return table(["key", "is", "default", "meaning"], rows);
}

function kindOf(schema: Schema): string {
  const { type, anyOf, enum: choices, items, $ref } = schema;
  if ($ref !== undefined) return REFERENCED[nameOf(schema)] ?? nameOf(schema);
  if (choices !== undefined) return choices.length > MOST_CHOICES ? "a class" : choices.map((one) => `\`${one}\``).join(", ");
  if (anyOf !== undefined) {
    const kinds = anyOf.filter(({ type: kind }) => kind !== "null").map(kindOf);
    return kinds.length === 2 && kinds[1] === `list of ${kinds[0]}` ? `${kinds[0]}, or several` : kinds.join(" or ");
  }
  const kinds = [type ?? "anything"].flat().filter((kind) => kind !== "null");
  if (kinds.includes("array")) return `list of ${items === undefined ? "anything" : kindOf(items)}`;
  if (kinds.includes("object") && typeof schema.additionalProperties === "object")
    return `map to ${kindOf(schema.additionalProperties)}`;
  const least = schema.minimum === undefined ? "" : ` from ${schema.minimum}`;
  const above = schema.exclusiveMinimum === undefined ? "" : ` above ${schema.exclusiveMinimum}`;
  return `${kinds.map((kind) => PLAIN[kind] ?? kind).join(" or ")}${least}${above}`;
}

const nameOf = ({ $ref }: Schema) => $ref!.split("/").at(-1)!;

const PLAIN: Readonly<Record<string, string>> = { string: "text", object: "keys, below", integer: "whole number" };
const REFERENCED: Readonly<Record<string, string>> = {
  rule: "rule",
  table: "map of columns to rules",
  tables: "map of tables to columns, `skip` or `leave`",
  reference: "keys, below",
  environment: "the policy's own keys",
};

/** More choices than these are the classes of data. */
const MOST_CHOICES = 20;

const INTRODUCTION = `A policy in YAML or JSON has these keys, and one in TypeScript the same in \`definePolicy({ … })\`, with \`import\` for \`include\`. Editors complete and check them with the schema
of the package:

\`\`\`yaml
# yaml-language-server: $schema=./node_modules/standin/schema/standin.policy.schema.json
source: ./exports
target: ./masked
tables:
  customers: { id: keep, email: { fake: internet.email }, notes: redact }
\`\`\`

What a key means beside others, and which rule wins, is in the [overview](../../README.md#the-policy).`;

const RULES = `## Rules

A rule is a mask's name (\`redact\`), or the name with its options (\`{ redact: { keepLast: 4 } }\`), or with the option that says most alone (\`{ fake: internet.email }\`). [The masks](../masks.md)
has every one with its options, defaults and an example. Every rule may also say \`domain\` and \`onUnsupported\`.`;
