import type { TableToWrite } from "../../../contracts.ts";
import { isHex, typeName } from "../../../formats/mysql/mysql-types.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { writeExpression } from "../mysql-columns.ts";
import { quoteName } from "../mysql-sql.ts";
import type { RowMark } from "./kept-marks.ts";
import { type CellStyle, valuesOf } from "./text-to-values.ts";

/** What the server took. */
export interface Acknowledged {
  readonly rows: number;
  readonly warnings: number;
}

/** How rows of LOAD DATA text get to the server. */
export interface RowTransport {
  /** Takes whole rows. Resolves when it wants more. */
  send(text: Buffer): Promise<void>;
  end(): Promise<Acknowledged>;
}

/** One LOAD DATA LOCAL INFILE per table, or shard of it. */
export function loadTransport(
  client: MysqlClient,
  { columns }: TableToWrite,
  into: string,
  mark: RowMark | null = null,
): RowTransport {
  const targets = columns.map((column, index) => {
    const variable = `@c${index}`;
    const expression = writeExpression(column, variable);
    const name = quoteName(column.name);
    return expression === null ? { into: name, set: null } : { into: variable, set: `${name} = ${expression}` };
  });
  const sets = targets.map(({ set }) => set).filter((set) => set !== null);
  if (mark !== null) sets.push(`${mark.column} = ${mark.value}`);
  const load = client.load(
    [
      `LOAD DATA LOCAL INFILE 'standin' INTO TABLE ${quoteName(into)} CHARACTER SET utf8mb4`,
      "FIELDS TERMINATED BY '\\t' ESCAPED BY '\\\\' LINES TERMINATED BY '\\n'",
      `(${targets.map((target) => target.into).join(", ")})`,
      ...(sets.length > 0 ? [`SET ${sets.join(", ")}`] : []),
    ].join(" "),
  );
  return {
    send: (text) => load.write(text),
    async end() {
      const { affectedRows, warningStatus } = await load.end();
      return { rows: affectedRows, warnings: warningStatus };
    },
  };
}

/** INSERTs of many rows each, for servers that refuse LOAD DATA LOCAL. */
export function insertTransport(
  client: MysqlClient,
  { columns }: TableToWrite,
  into: string,
  mark: RowMark | null = null,
): RowTransport {
  const styles = columns.map((column): CellStyle => (isHex(column) ? "hex" : typeName(column) === "bit" ? "number" : "text"));
  const list = [...columns.map(({ name }) => quoteName(name)), ...(mark === null ? [] : [mark.column])].join(", ");
  const start = `INSERT INTO ${quoteName(into)} (${list}) VALUES `;
  const behind = mark === null ? "" : `,${mark.value}`;
  let rows = 0;
  let warnings = 0;
  return {
    async send(text) {
      for (const values of valuesOf(text, styles, behind)) {
        const result = await client.insert(start + values);
        rows += result.affectedRows;
        warnings += result.warningStatus;
      }
    },
    end: async () => ({ rows, warnings }),
  };
}
