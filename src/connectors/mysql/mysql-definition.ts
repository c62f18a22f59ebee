import type { SchemaDefinition, Table, TableToWrite } from "../../contracts.ts";
import type { ForeignKeyDefinition } from "../../formats/mysql/mysql-foreign-key.ts";
import { MysqlDumpDefinition } from "../../formats/mysql-dump/mysql-dump-definition.ts";
import { counted } from "../../written-numbers.ts";
import type { MysqlClient } from "./mysql-client.ts";
import { MysqlFailure } from "./mysql-errors.ts";
import { quoteName, quoteText } from "./mysql-sql.ts";
import { addForeignKey, readForeignKeys } from "./write/foreign-keys.ts";
import { drawingFromOwn, readSequences, readSequenceUses, type SequenceUse } from "./write/sequences.ts";
import { createTrigger, readTriggers, type TriggerDefinition } from "./write/triggers.ts";

/** How to make a table, a sequence, a view or a routine. */
export interface CreateStatement {
  readonly name: string;
  readonly kind: "TABLE" | "SEQUENCE" | "VIEW" | "PROCEDURE" | "FUNCTION";
  readonly sql: string;
  readonly sqlMode: string | null;
}

/** A source's schema by SHOW CREATE, in the parts that a sink of the same system makes at their times. */
export class MysqlDefinition implements SchemaDefinition {
  readonly sequences: readonly CreateStatement[];
  readonly sequenceUses: readonly SequenceUse[];
  readonly tables: readonly CreateStatement[];
  readonly foreignKeys: readonly ForeignKeyDefinition[];
  readonly triggers: readonly TriggerDefinition[];
  readonly routines: readonly CreateStatement[];
  readonly views: readonly CreateStatement[];
  /** Views and routines that the source's user may not see. */
  readonly hidden: readonly string[];
  /** Views that read what is no longer there. */
  readonly broken: readonly string[];
  /** What the source has and is not made. */
  readonly left: readonly string[];

  constructor(parts: Omit<MysqlDefinition, "beforeRows" | "afterRows">) {
    this.sequences = parts.sequences;
    this.sequenceUses = parts.sequenceUses;
    this.tables = parts.tables;
    this.foreignKeys = parts.foreignKeys;
    this.triggers = parts.triggers;
    this.routines = parts.routines;
    this.views = parts.views;
    this.hidden = parts.hidden;
    this.broken = parts.broken;
    this.left = parts.left;
  }

  get beforeRows(): readonly string[] {
    return [...this.sequences, ...this.tables].map(({ sql }) => sql);
  }

  get afterRows(): readonly string[] {
    return [
      ...this.foreignKeys.map((key) => addForeignKey(key, key.name, (table) => table)),
      ...this.routines.flatMap(({ sql, sqlMode }) => inMode(sqlMode, sql)),
      ...this.triggers.flatMap((trigger) => inMode(trigger.sqlMode, createTrigger(trigger, trigger.name, trigger.table))),
      ...this.views.map(({ sql }) => sql),
    ];
  }
}

/**
 * What a source of the same system says of how its tables are made: a database, or a dump, of which tables alone are made. Null for what cannot be made from here.
 */
export function ownDefinition(definition: SchemaDefinition | null, toWrite: readonly TableToWrite[]): MysqlDefinition | null {
  if (definition instanceof MysqlDefinition) return definition;
  if (!(definition instanceof MysqlDumpDefinition)) return null;
  const names = new Set(toWrite.map(({ table }) => table.ref.name));
  const foreignKeys = definition.foreignKeys.filter(({ table }) => names.has(table));
  return new MysqlDefinition({
    ...{ sequences: [], sequenceUses: [], triggers: [], routines: [], views: [], broken: [], hidden: [] },
    tables: definition.tables
      .filter(({ name }) => names.has(name))
      .map(({ name, sql }) => {
        const keys = foreignKeys.filter(({ table }) => table === name);
        return { name, kind: "TABLE", sql: withoutForeignKeys(sql, keys), sqlMode: null };
      }),
    foreignKeys: foreignKeys.filter((key) => key.referencedSchema === null && names.has(key.referencedTable)),
    left: definition.afterRows.length > 0 ? ["triggers, routines, events and views of the dump"] : [],
  });
}

/** The statement with the sql_mode that it wants, for whoever runs one after the other. */
const inMode = (mode: string | null, sql: string): string[] =>
  mode === null ? [sql] : [`SET sql_mode = ${quoteText(mode)}`, sql];

/** Sentences for the report of a run that makes all of it. */
export function notesOfMade({ tables, sequences, views, routines, hidden, broken, left }: MysqlDefinition): readonly string[] {
  const made = [`created ${counted(tables.length, "table")}`];
  if (sequences.length > 0) made.push(`created ${counted(sequences.length, "sequence")}`);
  if (views.length > 0) made.push(`created ${counted(views.length, "view")}`);
  if (routines.length > 0) made.push(`created ${counted(routines.length, "routine")}`);
  if (hidden.length > 0) made.push(`not created, as the source's user may not see how they are made: ${hidden.join(", ")}`);
  if (broken.length > 0) made.push(`not created, as they are broken in the source: ${broken.join(", ")}`);
  if (left.length > 0) made.push(`not created: ${left.join(", ")}; standin pipe restores them`);
  return made;
}

/** Reads how these tables are made, with their triggers, and with the database's views and routines. Definers are left out: whoever makes them is one. */
export async function readDefinition(client: MysqlClient, tables: readonly Table[]): Promise<MysqlDefinition> {
  const names = new Set(tables.map(({ ref }) => ref.name));
  const foreignKeys = (await readForeignKeys(client)).filter(({ table }) => names.has(table));
  const triggers = (await readTriggers(client)).filter(({ table }) => names.has(table));
  const [[database]] = (await client.query("SELECT DATABASE()")) as [[string]];
  const creates: CreateStatement[] = [];
  for (const name of names) {
    const [row] = await client.query(`SHOW CREATE TABLE ${quoteName(name)}`);
    const keys = foreignKeys.filter(({ table }) => table === name);
    creates.push({ name, kind: "TABLE", sql: drawingFromOwn(withoutForeignKeys(row![1]!, keys), database), sqlMode: null });
  }
  const routines = await readCreates(
    client,
    "SELECT ROUTINE_TYPE, ROUTINE_NAME FROM information_schema.ROUTINES WHERE ROUTINE_SCHEMA = DATABASE() AND ROUTINE_TYPE IN ('FUNCTION', 'PROCEDURE') ORDER BY 1, 2",
  );
  const views = await readCreates(
    client,
    "SELECT 'VIEW', TABLE_NAME FROM information_schema.VIEWS WHERE TABLE_SCHEMA = DATABASE() ORDER BY 2",
  );
  const broken = await findBroken(
    client,
    views.creates.map(({ name }) => name),
  );
  const sequences = await readSequences(client);
  return new MysqlDefinition({
    sequences: sequences.map(({ name, sql }) => ({ name, kind: "SEQUENCE", sql, sqlMode: null })),
    sequenceUses: (await readSequenceUses(client)).filter(({ table }) => names.has(table)),
    tables: creates,
    // A key to a table that is not copied could not hold.
    foreignKeys: foreignKeys.filter((key) => key.referencedSchema === null && names.has(key.referencedTable)),
    triggers: triggers.map((trigger) => ({ ...trigger, definer: null })),
    routines: routines.creates,
    views: views.creates.filter(({ name }) => !broken.includes(name)),
    hidden: [...routines.hidden, ...views.hidden],
    broken,
    left: [],
  });
}

async function readCreates(client: MysqlClient, list: string): Promise<{ creates: CreateStatement[]; hidden: string[] }> {
  const creates: CreateStatement[] = [];
  const hidden: string[] = [];
  for (const [kind, name] of (await client.query(list)) as [CreateStatement["kind"], string][]) {
    const [row] = await client.query(`SHOW CREATE ${kind} ${quoteName(name)}`);
    // A view's row is name and statement; a routine's has its sql_mode between them.
    const sqlMode = kind === "VIEW" ? null : row![1]!;
    const sql = kind === "VIEW" ? row![1] : row![2];
    if (sql === null || sql === undefined) hidden.push(name);
    else creates.push({ name, kind, sql: withoutDefiner(sql), sqlMode });
  }
  return { creates, hidden };
}

/** A view outlives what it reads, and cannot be made without it. */
async function findBroken(client: MysqlClient, views: readonly string[]): Promise<string[]> {
  const broken: string[] = [];
  for (const view of views) {
    try {
      await client.query(`SELECT 1 FROM ${quoteName(view)} LIMIT 0`);
    } catch (error) {
      if (!(error instanceof MysqlFailure)) throw error;
      if (error.errno === INVALID_VIEW) broken.push(view);
    }
  }
  return broken;
}

/** View references invalid table(s) or column(s), or its definer lacks rights to use them. */
const INVALID_VIEW = 1356;

/** SHOW CREATE TABLE writes a line per column, key and constraint. */
function withoutForeignKeys(sql: string, keys: readonly ForeignKeyDefinition[]): string {
  const starts = keys.map(({ name }) => `  CONSTRAINT ${quoteName(name)} FOREIGN KEY (`);
  const lines = sql.split("\n").filter((line) => !starts.some((start) => line.startsWith(start)));
  const end = lines.findLastIndex((line) => line.startsWith(")"));
  if (end > 0) lines[end - 1] = lines[end - 1]!.replace(/,$/, "");
  return lines.join("\n");
}

function withoutDefiner(sql: string): string {
  return sql.replace(/^(CREATE\s(?:[A-Z =]*?\s)?)DEFINER\s*=\s*`(?:[^`]|``)*`(?:@`(?:[^`]|``)*`)?\s/, "$1");
}
