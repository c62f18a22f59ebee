import type { Column, DataSchema, RowBatch, Table, TableRef } from "../contracts.ts";
import type { Finding } from "../errors.ts";
import { isNamed } from "../plan/table-patterns.ts";
import type { Policy } from "../policy/define-policy.ts";
import { comparisonOf } from "../subset/key-hash.ts";
import { isSameTable, tableName } from "../table-ref.ts";
import { counted, someOf } from "../written-numbers.ts";
import { KeyWatch } from "./key-watch.ts";
import type { TextHash } from "./text-hash.ts";

/** A reference, declared by a foreign key or by the policy. */
interface WatchedReference {
  readonly name: string;
  readonly from: Table;
  readonly child: KeyWatch;
  readonly to: Table;
  readonly parent: KeyWatch;
}

/** Slots that all keys together may have, and the fewest of each. */
const ALL_SLOTS = 1 << 22;
const FEWEST_SLOTS = 1 << 14;

/** Watches keys and references of the copy while its rows go by. */
export class IntegrityWatch {
  readonly #schema: DataSchema;
  readonly #hash: TextHash;
  readonly #watches = new Map<Table, Map<string, KeyWatch>>();
  readonly #unique: { readonly table: Table; readonly name: string; readonly watch: KeyWatch }[] = [];
  readonly #references: WatchedReference[] = [];
  readonly #slots: number;

  constructor(schema: DataSchema, policy: Policy, hash: TextHash) {
    this.#schema = schema;
    this.#hash = hash;
    const keys = schema.tables.reduce((sum, { uniqueKeys, foreignKeys }) => sum + uniqueKeys.length + foreignKeys.length * 2, 1);
    this.#slots = Math.max(FEWEST_SLOTS, 2 ** Math.floor(Math.log2(ALL_SLOTS / keys)));
    for (const table of schema.tables) this.#watchKeys(table);
    for (const table of schema.tables) this.#watchForeignKeys(table);
    this.#watchReferences(policy);
  }

  get keys(): number {
    return this.#unique.length;
  }

  get references(): number {
    return this.#references.length;
  }

  /** `columns` are the batch's, in its order. */
  add(table: Table, columns: readonly Column[], batch: RowBatch): void {
    for (const watch of this.#watches.get(table)?.values() ?? [])
      watch.add(
        batch,
        watch.columns.map(({ name }) => columns.findIndex((column) => column.name === name)),
      );
  }

  findings(): readonly Finding[] {
    return [...this.#unique.flatMap(repeated), ...this.#references.flatMap(dangling)];
  }

  #watchKeys(table: Table): void {
    for (const key of table.uniqueKeys) {
      const isPlain = !key.isPartial && key.overlaps === undefined && key.prefixes === undefined && key.expressions === undefined;
      const watch = isPlain ? this.#watchOf(table, key.columns) : null;
      if (watch !== null) this.#unique.push({ table, name: key.name, watch });
    }
  }

  #watchForeignKeys(from: Table): void {
    for (const { name, columns, references, referencedColumns } of from.foreignKeys)
      this.#watchReference(name, [from, columns], [this.#tableOf(references), referencedColumns]);
  }

  /** Those that hold for some rows alone would need the others left out. */
  #watchReferences({ references = [] }: Policy): void {
    for (const { from, to, when } of references) {
      if (when !== undefined) continue;
      const ends = [from, to].map((name) => {
        const at = name.lastIndexOf(".");
        const table = this.#schema.tables.find(({ ref }) => isNamed(ref, name.slice(0, at)));
        return [table, [name.slice(at + 1)]] as const;
      });
      this.#watchReference(`${from} → ${to}`, ends[0]!, ends[1]!);
    }
  }

  #watchReference(
    name: string,
    [from, columns]: readonly [Table | undefined, readonly string[]],
    [to, referenced]: readonly [Table | undefined, readonly string[]],
  ): void {
    if (from === undefined || to === undefined) return;
    const [ours, theirs] = [columnsOf(from, columns), columnsOf(to, referenced)];
    const isCaseless = [...ours, ...theirs].some(({ ignoresCase }) => ignoresCase);
    const [child, parent] = [
      this.#watchOf(from, columns, isCaseless ? theirs : null),
      this.#watchOf(to, referenced, isCaseless ? ours : null),
    ];
    if (child !== null && parent !== null) this.#references.push({ name, from, child, to, parent });
  }

  #tableOf(ref: TableRef): Table | undefined {
    return this.#schema.tables.find((table) => isSameTable(table.ref, ref));
  }

  /** One for the same columns in the same order, compared in the same way. Null where one of them is not read. */
  #watchOf(table: Table, names: readonly string[], others: readonly Column[] | null = null): KeyWatch | null {
    const columns = columnsOf(table, names);
    if (others !== null && others.length < names.length) return null;
    if (names.length === 0 || columns.length < names.length) return null;
    let own = this.#watches.get(table);
    if (own === undefined) {
      own = new Map();
      this.#watches.set(table, own);
    }
    const id = JSON.stringify([names, others?.map((other, part) => comparisonOf(columns[part]!, other))]);
    let watch = own.get(id);
    if (watch === undefined) {
      watch = new KeyWatch(columns, this.#hash, this.#slots, others);
      own.set(id, watch);
    }
    return watch;
  }
}

/** Those that are read. */
function columnsOf(table: Table, names: readonly string[]): readonly Column[] {
  return names.flatMap((name) => table.columns.filter((column) => column.name === name && !column.isGenerated));
}

function repeated({
  table,
  name,
  watch,
}: {
  readonly table: Table;
  readonly name: string;
  readonly watch: KeyWatch;
}): readonly Finding[] {
  if (watch.repeats === 0) return [];
  return [
    {
      code: "UNIQUENESS_LOST",
      severity: "error",
      message: `${tableName(table.ref)}: ${counted(watch.repeats, "row")} ${watch.repeats === 1 ? "repeats" : "repeat"} the unique key ${name}.`,
      table: tableName(table.ref),
      hint: "Take a mask that keeps unique values apart, and run again.",
    },
  ];
}

function dangling({ name, from, child, to, parent }: WatchedReference): readonly Finding[] {
  const { missing, compared, every } = child.missingIn(parent);
  if (missing === 0) return [];
  const sample = every === 1 ? "" : ` (one of ${every} was compared)`;
  return [
    {
      code: "REFERENCE_BROKEN",
      severity: "error",
      message: `${tableName(from.ref)}: ${someOf(missing, compared, "different key")} of ${name} ${missing === 1 ? "is" : "are"} not in ${tableName(to.ref)}${sample}.`,
      table: tableName(from.ref),
      hint: "Mask both ends by one rule in one domain, copy both tables, and run again.",
    },
  ];
}
