import type { ChangingTable, DeletedRows, TableToWrite } from "../../../contracts.ts";
import { quoteName, quoteTable } from "../../../formats/postgres/postgres-quotes.ts";
import { isSameTable } from "../../../table-ref.ts";
import { keysMissing, refuseMissing, refuseTooMany } from "../../deleted-rows.ts";
import type { CatalogTable } from "../postgres-catalog.ts";
import type { PostgresClient } from "../postgres-client.ts";

interface ComparedTable {
  readonly wanted: ChangingTable;
  /** The target's table, as statements name it. */
  readonly target: string;
  /** A temporary table of the session, which goes with the transaction. */
  readonly keys: string;
  hasKeys: boolean;
}

/** Compares the keys of tables with those that came, in the transaction under way, and takes out the rows that the source no longer holds. */
export class PostgresDeletes {
  readonly #client: PostgresClient;
  readonly #compared: readonly ComparedTable[];
  readonly #deleted: DeletedRows[] = [];

  private constructor(client: PostgresClient, compared: readonly ComparedTable[]) {
    this.#client = client;
    this.#compared = compared;
  }

  /** Makes room for the keys, of the target's own types: as these compare, so are rows found. */
  static async begin(
    client: PostgresClient,
    tables: readonly { readonly wanted: ChangingTable; readonly found: CatalogTable }[],
  ): Promise<PostgresDeletes> {
    const compared = tables
      .filter(({ wanted }) => wanted.deletes !== null)
      .map(({ wanted, found }, index): ComparedTable => {
        const target = `${found.isPartitioned ? "" : "ONLY "}${quoteTable(found.table.ref)}`;
        return { wanted, target, keys: `standin_keys_${index + 1}`, hasKeys: false };
      });
    for (const { wanted, target, keys } of compared) {
      const columns = wanted.key!.map(quoteName).join(", ");
      await client.script(`CREATE TEMPORARY TABLE ${keys} ON COMMIT DROP AS SELECT ${columns} FROM ${target} WITH NO DATA`);
    }
    return new PostgresDeletes(client, compared);
  }

  get deleted(): readonly DeletedRows[] {
    return this.#deleted;
  }

  /** Where the keys of a table go, and that they are all in once it is called for. */
  keysRef({ table }: TableToWrite) {
    const one = this.#compared.find(({ wanted }) => isSameTable(wanted.table.ref, table.ref))!;
    return {
      ref: { schema: "pg_temp", name: one.keys },
      onEnd: () => {
        one.hasKeys = true;
      },
    };
  }

  /** Nothing points to the rows meanwhile: foreign keys are out of the way, and looked at when they come back. */
  async deleteRows(): Promise<void> {
    for (const { wanted, target, keys, hasKeys } of this.#compared) {
      if (!hasKeys) throw keysMissing();
      await this.#client.script(`ANALYZE pg_temp.${keys}`);
      const isSame = wanted.key!.map((column) => `k.${quoteName(column)} = t.${quoteName(column)}`).join(" AND ");
      // Both parts of the statement see the table as it was.
      const [[gone, all]] = (await this.#client.query(`
        WITH gone AS (DELETE FROM ${target} t WHERE NOT EXISTS (SELECT FROM pg_temp.${keys} k WHERE ${isSame}) RETURNING 1)
        SELECT (SELECT pg_catalog.count(*) FROM gone)::text, (SELECT pg_catalog.count(*) FROM ${target})::text`)) as [
        [string, string],
      ];
      refuseTooMany(wanted, { gone: Number(gone), all: Number(all) });
      this.#deleted.push({ table: wanted.table.ref, rows: Number(gone) });
    }
  }

  /** To be called when the changed rows are in. */
  async refuseMissing(): Promise<void> {
    for (const { wanted, target, keys } of this.#compared) {
      const [[sent, held]] = (await this.#client.query(
        `SELECT (SELECT pg_catalog.count(*) FROM pg_temp.${keys})::text, (SELECT pg_catalog.count(*) FROM ${target})::text`,
      )) as [[string, string]];
      refuseMissing(wanted, { keys: Number(sent), held: Number(held) });
    }
  }
}
