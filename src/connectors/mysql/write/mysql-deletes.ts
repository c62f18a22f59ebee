import type { ChangingTable, DeletedRows, Table } from "../../../contracts.ts";
import { isSameTable, tableName } from "../../../table-ref.ts";
import { keysMissing, refuseMissing, refuseTooMany } from "../../deleted-rows.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { quoteName } from "../mysql-sql.ts";
import { roomFor } from "./changed-room.ts";
import { isAbsent } from "./foreign-keys.ts";
import type { MysqlEnd } from "./mysql-end.ts";

interface ComparedTable {
  readonly wanted: ChangingTable;
  /** A temporary table of the session. */
  readonly keys: string;
  hasKeys: boolean;
}

/** Compares the keys of tables with those that came, in the transaction under way, and takes out the rows that the source no longer holds. */
export class MysqlDeletes {
  readonly #end: MysqlEnd;
  readonly #compared: readonly ComparedTable[];
  readonly #deleted: DeletedRows[] = [];

  private constructor(end: MysqlEnd, compared: readonly ComparedTable[]) {
    this.#end = end;
    this.#compared = compared;
  }

  /** Makes room for the keys, of the target's own types: as these compare, so are rows found. */
  static async begin(end: MysqlEnd, tables: readonly ChangingTable[]): Promise<MysqlDeletes> {
    const compared = tables
      .filter(({ deletes }) => deletes !== null)
      .map((wanted, index): ComparedTable => ({ wanted, keys: `standin_keys_${index + 1}`, hasKeys: false }));
    for (const { wanted, keys } of compared) await makeRoom(end.client, wanted, keys);
    return new MysqlDeletes(end, compared);
  }

  get deleted(): readonly DeletedRows[] {
    return this.#deleted;
  }

  /** Where the keys of a table go, and that they are all in once it is called for. */
  keysOf(table: Table) {
    const one = this.#compared.find(({ wanted }) => isSameTable(wanted.table.ref, table.ref))!;
    return {
      into: one.keys,
      onEnd: () => {
        one.hasKeys = true;
      },
    };
  }

  /** No rule of a foreign key fires: checks are off, and rows that are left alone are looked for when all is in. */
  async deleteRows(): Promise<void> {
    for (const { wanted, keys, hasKeys } of this.#compared) {
      if (!hasKeys) throw keysMissing();
      const target = quoteName(wanted.table.ref.name);
      const isSame = wanted.key!.map((column) => `k.${quoteName(column)} = t.${quoteName(column)}`).join(" AND ");
      const isNone = isAbsent("k", wanted.key![0]!);
      await this.#doing("deleting rows of", wanted, async (client) => {
        const all = await countRows(client, target);
        const { affectedRows: gone } = await client.execute(
          `DELETE t FROM ${target} t LEFT JOIN ${keys} k ON ${isSame} WHERE ${isNone}`,
        );
        refuseTooMany(wanted, { gone, all });
        this.#deleted.push({ table: wanted.table.ref, rows: gone });
      });
    }
  }

  /** To be called when the changed rows are in. */
  async refuseMissing(): Promise<void> {
    for (const { wanted, keys } of this.#compared)
      await this.#doing("counting rows of", wanted, async (client) => {
        const held = await countRows(client, quoteName(wanted.table.ref.name));
        refuseMissing(wanted, { keys: await countRows(client, keys), held });
      });
  }

  #doing(what: string, { table }: ChangingTable, step: (client: MysqlClient) => Promise<void>): Promise<void> {
    const name = tableName(table.ref);
    return this.#end.doing(`${what} ${name}`, () => step(this.#end.client), name);
  }
}

async function makeRoom(client: MysqlClient, { table, key }: ChangingTable, keys: string): Promise<void> {
  await client.execute(`DROP TEMPORARY TABLE IF EXISTS ${keys}`);
  await client.execute(roomFor(keys, table, key!));
}

async function countRows(client: MysqlClient, table: string): Promise<number> {
  const [[count]] = (await client.query(`SELECT COUNT(*) FROM ${table}`)) as [[string]];
  return Number(count);
}
