import type { Column, DataSchema, RowBatch, StagedTarget, SystemName, Table } from "../contracts.ts";
import type { Finding } from "../errors.ts";
import type { Policy } from "../policy/define-policy.ts";
import { tableName } from "../table-ref.ts";
import { counted, someOf } from "../written-numbers.ts";
import { textFor, uniqueText, wayOf } from "./key-comparison.ts";
import { type ComparedReference, columnsOf, comparedReferences } from "./key-references.ts";
import { type KeyPart, KeyWatch } from "./key-watch.ts";
import type { TextHash } from "./text-hash.ts";

interface WatchedReference extends ComparedReference {
  readonly child: KeyWatch;
  readonly parent: KeyWatch;
}

interface UniqueWatch {
  readonly table: Table;
  readonly name: string;
  readonly watch: KeyWatch;
}

/** Slots that all keys together may have, and the fewest of each. */
const ALL_SLOTS = 1 << 22;
const FEWEST_SLOTS = 1 << 14;

/** Watches keys and references of the copy while its rows go by. */
export class IntegrityWatch {
  readonly #system: SystemName;
  readonly #hash: TextHash;
  readonly #watches = new Map<Table, Map<string, KeyWatch>>();
  readonly #weights = new Map<Table, Column[]>();
  readonly #unique: UniqueWatch[] = [];
  readonly #references: WatchedReference[];
  readonly #slots: number;

  /** Asks the target by what it compares its keys. */
  static async of(target: Pick<StagedTarget, "schema" | "weighs">, policy: Policy, hash: TextHash): Promise<IntegrityWatch> {
    return new IntegrityWatch(target.schema, await comparedReferences(target, policy), hash);
  }

  private constructor({ system, tables }: DataSchema, references: readonly ComparedReference[], hash: TextHash) {
    this.#system = system;
    this.#hash = hash;
    const keys = tables.reduce((sum, { uniqueKeys, foreignKeys }) => sum + uniqueKeys.length + foreignKeys.length * 2, 1);
    this.#slots = Math.max(FEWEST_SLOTS, 2 ** Math.floor(Math.log2(ALL_SLOTS / keys)));
    for (const table of tables) this.#watchKeys(table);
    this.#references = references.map((reference) => ({
      ...reference,
      child: this.#watchEnd(reference, 0),
      parent: this.#watchEnd(reference, 1),
    }));
  }

  get keys(): number {
    return this.#unique.length;
  }

  get references(): number {
    return this.#references.length;
  }

  /** The columns whose weights are compared. */
  weights(table: Table): readonly Column[] {
    return this.#weights.get(table) ?? [];
  }

  /** The batch has the columns that are not generated, in their order, and behind them the weights. */
  add(table: Table, batch: RowBatch): void {
    for (const watch of this.#watches.get(table)?.values() ?? []) watch.add(batch);
  }

  findings(): readonly Finding[] {
    return [...this.#unique.flatMap(repeated), ...this.#references.flatMap(dangling)];
  }

  #watchKeys(table: Table): void {
    for (const key of table.uniqueKeys) {
      const isPlain = !key.isPartial && key.overlaps === undefined && key.prefixes === undefined && key.expressions === undefined;
      const columns = columnsOf(table, key.columns);
      if (!isPlain || columns.length === 0 || columns.length < key.columns.length) continue;
      const parts = columns.map((column) => ({ place: placeOf(table, column), ...uniqueText(column), needsAscii: false }));
      this.#unique.push({ table, name: key.name, watch: this.#watchOf(table, parts) });
    }
  }

  #watchEnd({ parts, comparisons, ...tables }: ComparedReference, end: 0 | 1): KeyWatch {
    const table = end === 0 ? tables.from : tables.to;
    const keyParts = parts.map((ends, part) => {
      const [column, other, how] = [ends[end]!, ends[1 - end]!, comparisons[part]!];
      return {
        place: how === "weight" ? this.#weightOf(table, column) : placeOf(table, column),
        compared: textFor(how, this.#system, column, other),
        way: wayOf(how, this.#system, column, other),
        needsAscii: how === "ascii",
      };
    });
    return this.#watchOf(table, keyParts);
  }

  /** Where a column's weight is in a batch. */
  #weightOf(table: Table, column: Column): number {
    const weights = this.#weights.get(table) ?? [];
    if (!weights.includes(column)) weights.push(column);
    this.#weights.set(table, weights);
    return columnsRead(table).length + weights.indexOf(column);
  }

  /** One for the same columns in the same order, compared in the same way. */
  #watchOf(table: Table, parts: readonly (KeyPart & { readonly way: string })[]): KeyWatch {
    const id = JSON.stringify(parts.map(({ place, way }) => [place, way]));
    const own = this.#watches.get(table) ?? new Map<string, KeyWatch>();
    this.#watches.set(table, own);
    const watch = own.get(id) ?? new KeyWatch(parts, this.#hash, this.#slots);
    own.set(id, watch);
    return watch;
  }
}

const columnsRead = ({ columns }: Table): readonly Column[] => columns.filter(({ isGenerated }) => !isGenerated);

const placeOf = (table: Table, column: Column): number => columnsRead(table).indexOf(column);

function repeated({ table, name, watch }: UniqueWatch): readonly Finding[] {
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

/** A parent whose key may be equal to any is so to one of the different keys at most: what is missing beyond all of those is missing whatever they are. */
function dangling({ name, from, child, to, parent }: WatchedReference): readonly Finding[] {
  const { missing: unmet, compared, every } = child.missingIn(parent);
  const missing = unmet - parent.unsureRows;
  if (missing <= 0) return [];
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
