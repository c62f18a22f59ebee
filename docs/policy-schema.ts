import { join } from "node:path";
import type { Transform } from "../src/contracts.ts";
import type { OptionSpec } from "../src/option-spec.ts";
import { DATA_CLASSES } from "../src/policy/class-names.ts";
import { NO_CLASS } from "../src/policy/parse/parse-classes.ts";
import { PRESETS } from "../src/policy/presets.ts";
import type { SourceLimits } from "../src/source-limits.ts";
import { COMMON_OPTIONS } from "../src/transforms/define-transform.ts";
import { transformByName, transformNames } from "../src/transforms/registry.ts";

type Json = { readonly [key: string]: unknown };

/** Published in the package, for editors. `npm run docs` writes it, and a test tells when it is stale. */
export const SCHEMA_FILE = join(import.meta.dirname, "..", "schema", "standin.policy.schema.json");

export function policySchemaText(): string {
  return `${JSON.stringify(policySchema(), null, 2)}\n`;
}

/** What YAML leaves out between a key and nothing. */
const NOTHING: Json = { type: "null" };

/**
 * The JSON Schema of a policy in YAML or JSON, read off the options of the transforms, so that editors complete what the reader accepts. The reader says
 * more: what a pattern must look like, which columns there are.
 */
export function policySchema(): Json {
  return {
    $schema: "http://json-schema.org/draft-07/schema#",
    title: "standin policy",
    description: "Where rows come from, where they go, and what becomes of every column.",
    type: "object",
    properties: {
      $schema: { type: "string", description: "This schema, for editors." },
      include: listOrOne({ type: "string" }, "Files of YAML or JSON with rules, relative to this one. What this file says wins."),
      plugins: listOrOne(
        { type: "string" },
        "Modules with transforms made by defineTransform, to be named here: ./masks.ts, a package.",
      ),
      ...environmentProperties(),
      ...evidenceProperties(),
      environments: {
        description: "What is different in each environment, chosen by --env.",
        type: ["object", "null"],
        additionalProperties: { anyOf: [{ $ref: "#/definitions/environment" }, NOTHING] },
      },
    },
    additionalProperties: false,
    definitions: {
      environment: { type: "object", properties: environmentProperties(), additionalProperties: false },
      database: { type: "object", properties: databaseProperties(), additionalProperties: false },
      tables: {
        type: "object",
        additionalProperties: { anyOf: [{ enum: ["skip", "leave"] }, { $ref: "#/definitions/table" }] },
      },
      table: { type: "object", additionalProperties: { $ref: "#/definitions/rule" } },
      reference: {
        type: "object",
        properties: {
          from: { type: "string", description: "The column that points, with its table: orders.customer_email." },
          to: { type: "string", description: "The column that it points to: customers.email." },
          when: {
            description: "The rows that it holds for, by the text of other columns.",
            type: "object",
            additionalProperties: { type: ["string", "number", "boolean"] },
          },
        },
        required: ["from", "to"],
        additionalProperties: false,
      },
      subsetTable: subsetTable(),
      rule: ruleSchema(),
    },
  };
}

/** What stands there, or a key that nobody has filled in yet. */
function orNothing({ type, anyOf, ...rest }: Json): Json {
  if (Array.isArray(anyOf)) return { ...rest, anyOf: [...anyOf, NOTHING] };
  return { ...rest, type: [type, "null"] };
}

function anonymity() {
  return {
    type: "object",
    properties: {
      quasiIdentifiers: listOrOne({ type: "string" }, "Columns by which somebody could know a person: postcode, gender."),
      sensitive: listOrOne({ type: "string" }, "Columns that nobody should be able to tell of a person."),
      k: { type: "integer", minimum: 2, description: "Least rows of a class of equal quasi-identifiers (default 5)." },
      l: { type: "integer", minimum: 2, description: "Least different texts of each sensitive column in a class (default 2)." },
    },
    required: ["quasiIdentifiers"],
    additionalProperties: false,
  };
}

function subsetTable(): Json {
  const count = (description: string): Json => ({ type: "integer", minimum: 1, description });
  const condition = (description: string): Json => ({ type: "string", minLength: 1, description });
  const part: Json = { type: ["string", "number"] };
  const key: Json = { anyOf: [part, { type: "object", additionalProperties: part, minProperties: 1 }] };
  return {
    type: "object",
    properties: {
      percent: { ...above(0, "Share of the rows, drawn by the key: a larger share holds every smaller one."), maximum: 100 },
      rows: count("So many rows at most, drawn by the key."),
      where: condition("Rows that meet a condition: country = 'DE' and created_at > '2026-01-01'."),
      keep: {
        description: "Rows by their keys, whatever else is said: a list, or the path of a file with one key on each line.",
        anyOf: [
          { type: "string", minLength: 1 },
          { type: "array", items: key, minItems: 1 },
        ],
      },
      by: listOrOne({ type: "string" }, "The columns that rows are drawn and kept by. Default: the primary key."),
      children: {
        description: "What comes along of the tables that point to this one. Default: all, but for those of the same table.",
        anyOf: [
          { enum: ["all", "none"] },
          {
            type: "object",
            additionalProperties: {
              anyOf: [
                { enum: ["all", "none"] },
                {
                  type: "object",
                  properties: {
                    max: count("Most rows that one row brings, drawn by the key."),
                    where: condition("Only rows that meet this."),
                  },
                  additionalProperties: false,
                },
              ],
            },
          },
        ],
      },
    },
    minProperties: 1,
    additionalProperties: false,
  };
}

function above(exclusiveMinimum: number, description: string): Json {
  return { type: "number", exclusiveMinimum, description };
}

function environmentProperties(): Json {
  return {
    ...ownProperties(),
    databases: {
      description: "Several sources, each with its target, by names of yours, in place of source, target and tables.",
      type: ["object", "null"],
      additionalProperties: { anyOf: [{ $ref: "#/definitions/database" }, NOTHING] },
    },
  };
}

function databaseProperties(): Json {
  const { keyVariable: _, ...own } = ownProperties();
  return { ...own, ...evidenceProperties() };
}

function ownProperties(): Json {
  const { tables, ...others } = sections();
  const optional = Object.entries(others).map(([name, section]) => [name, orNothing(section)]);
  return { ...Object.fromEntries(optional), tables };
}

/** What is said of one source: whose originals may be asked for, and what its copy is verified by. */
function evidenceProperties(): Json {
  return {
    reveal: {
      description: "Allows standin reveal to give originals back, with the key, for some columns.",
      type: ["object", "null"],
      properties: {
        columns: listOrOne({ type: "string" }, "Columns by name: customers.card."),
        audit: text("The file, relative to this one, that every request is written down in."),
      },
      required: ["columns", "audit"],
      additionalProperties: false,
    },
    verify: {
      description: "What standin verify goes by.",
      type: ["object", "null"],
      properties: {
        allow: listOrOne({ type: "string" }, "Columns of the copy that may hold values of masked columns: audit_log.actor."),
        anonymity: {
          description: "By table of the copy: whose risk of being told apart is counted.",
          type: ["object", "null"],
          additionalProperties: anonymity(),
        },
      },
      additionalProperties: false,
    },
  };
}

function sections(): Record<string, Json> & { readonly tables: Json } {
  return {
    source: text(
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a policy writes a variable.
      "postgres://…, mysql://…; CSV: a file, folder or glob; *.jsonl, *.parquet, app.db (SQLite), prod.sql (a dump). ${NAME} and ${NAME:-default} are taken from the environment.",
    ),
    target: text("The same; for CSV a folder, for JSON Lines and Parquet a pattern: ./out/*.jsonl."),
    keyVariable: text("The environment variable that holds the key. Default: STANDIN_KEY."),
    sourceLimits: {
      description: "What a run may ask of its source.",
      type: "object",
      properties: {
        rowsPerSecond: above(0, "Most rows read in a second, of all tables together."),
        megabytesPerSecond: above(0, "Most megabytes (10^6 bytes) read in a second."),
        connections: { type: "integer", minimum: 1, description: "Most sessions on the source at a time." },
        statementSeconds: above(0, "Seconds after which the source's server cancels a statement. Reading a table is one."),
      } satisfies { readonly [Name in keyof SourceLimits]: Json },
      additionalProperties: false,
    },
    incremental: {
      description:
        "How rows are told that changed since the last run, by table, for standin run --incremental: orders: updated_at, or xmin.",
      type: "object",
      additionalProperties: {
        anyOf: [
          text("changedBy alone."),
          {
            type: "object",
            properties: {
              changedBy: text("A column of times, dates or numbers that grows with every change, or xmin on PostgreSQL."),
              overlap: {
                description:
                  "How far to read back before the last mark: 90s, 5m, 2h, 1d, or a number. Default: 5m, 1d for dates, 1000 for numbers.",
                anyOf: [
                  { type: "string", pattern: "^[0-9]{1,6}[smhd]$" },
                  { type: "integer", minimum: 0 },
                ],
              },
              deletes: {
                description:
                  "compare: rows that the source no longer holds are found by their keys, and deleted. Default: they stay.",
                enum: ["compare"],
              },
              maxDeletedPercent: {
                description:
                  "Most rows that deletes may take out of a table in one run, in percent of what it holds. Default: 10.",
                type: "number",
                exclusiveMinimum: 0,
                maximum: 100,
              },
            },
            required: ["changedBy"],
            additionalProperties: false,
          },
        ],
      },
    },
    presets: listOrOne({ enum: Object.keys(PRESETS) }, "Texts to read the policy by: their advice comes as warnings."),
    tables: {
      description: "Decisions by table and column. Names may be patterns: audit_*, /_log$/.",
      anyOf: [{ $ref: "#/definitions/tables" }],
    },
    references: {
      description: "References that no foreign key declares.",
      type: "array",
      items: { $ref: "#/definitions/reference" },
    },
    subset: {
      description: "Which rows are copied, by table: those that are chosen, their children, and the parents of all of them.",
      type: "object",
      additionalProperties: { anyOf: [{ enum: ["all"] }, { $ref: "#/definitions/subsetTable" }] },
    },
    columns: {
      description: 'Rules for columns that nothing under tables decides, by a pattern of table.column: "*.email", "/_ip$/".',
      type: "object",
      additionalProperties: { $ref: "#/definitions/rule" },
    },
    classes: {
      description:
        'What columns hold where their names do not say it: "users.nick": userName, "*.city_id": none. For when and presets.',
      type: "object",
      additionalProperties: { enum: [...DATA_CLASSES, NO_CLASS] },
    },
    when: {
      description: "Rules for columns that nothing else decides, by what their names say that they hold.",
      type: "object",
      properties: Object.fromEntries(DATA_CLASSES.map((name) => [name, { $ref: "#/definitions/rule" }])),
      additionalProperties: false,
    },
  };
}

/** A transform's name, or an object with one and what every rule may say. */
function ruleSchema(): Json {
  const transforms = transformNames()
    .map((name) => transformByName(name)!)
    // Data holds no function.
    .filter(({ options }) => !Object.values(options).some(({ kind, isOptional }) => kind === "function" && !isOptional));
  const bare = transforms.filter(({ options }) => Object.values(options).every(({ isOptional }) => isOptional));
  return {
    anyOf: [
      { enum: bare.map(({ name }) => name) },
      ...transforms.map((transform) => ({
        type: "object",
        properties: { [transform.name]: argumentSchema(transform), ...propertiesOf(COMMON_OPTIONS) },
        required: [transform.name],
        additionalProperties: false,
      })),
    ],
  };
}

function argumentSchema({ options, shorthand }: Transform): Json {
  const required = Object.keys(options).filter((name) => !options[name]!.isOptional);
  const object = {
    type: "object",
    properties: propertiesOf({ ...options, ...COMMON_OPTIONS }),
    required,
    additionalProperties: false,
  };
  const short = shorthand === null ? [] : [optionSchema(options[shorthand]!)];
  return { anyOf: [...short, object, ...(required.length === 0 ? [NOTHING] : [])] };
}

function propertiesOf(options: { readonly [name: string]: OptionSpec<unknown> }): Json {
  // Data holds no function.
  const inData = Object.entries(options).filter(([, { kind }]) => kind !== "function");
  return Object.fromEntries(inData.map(([name, option]) => [name, optionSchema(option)]));
}

function optionSchema({ kind, describe, default: given, choices, suggestions, min, max }: OptionSpec<unknown>): Json {
  const rule = { $ref: "#/definitions/rule" };
  // An editor passes over what stands beside a $ref.
  if (kind === "rule") return { description: describe, anyOf: [rule] };
  if (kind === "rules") return { description: describe, type: "array", items: rule, minItems: 1 };
  if (kind === "rule map") return { description: describe, type: "object", additionalProperties: rule, minProperties: 1 };
  const types: Readonly<Record<string, string>> = {
    integer: "integer",
    number: "number",
    text: "string",
    file: "string",
    boolean: "boolean",
    list: "array",
  };
  return {
    description: describe,
    ...(suggestions !== undefined
      ? { anyOf: [{ enum: suggestions }, { type: "string" }] }
      : choices !== undefined
        ? { enum: choices }
        : types[kind] !== undefined
          ? { type: types[kind] }
          : {}),
    ...(min !== undefined && { minimum: min }),
    ...(max !== undefined && { maximum: max }),
    ...(given !== undefined && { default: given }),
  };
}

function listOrOne(item: Json, description: string): Json {
  return { description, anyOf: [item, { type: "array", items: item }] };
}

function text(description: string): Json {
  return { type: "string", description };
}
