import type { Column, ColumnPlace } from "../../../contracts.ts";
import type { MysqlClient } from "../mysql-client.ts";
import { quoteName } from "../mysql-sql.ts";

/** Collations that compare bytes need no weight. */
const COLLATIONS = `
  SELECT TABLE_NAME, COLUMN_NAME, COLLATION_NAME
    FROM information_schema.COLUMNS
   WHERE TABLE_SCHEMA = DATABASE() AND COLLATION_NAME NOT LIKE '%\\_bin'`;

/** For each two columns whether both hold text, compared by one collation. `storedAs` says which table has the rows of another, for the time being. */
export async function haveOneCollation(
  client: MysqlClient,
  pairs: readonly (readonly [ColumnPlace, ColumnPlace])[],
  storedAs: (table: string) => string = (table) => table,
): Promise<readonly boolean[]> {
  const isText = ({ column }: ColumnPlace) => column.kind === "text";
  if (!pairs.flat().some(isText)) return pairs.map(() => false);
  const rows = await client.query(COLLATIONS);
  const placeOf = (table: string, column: string) => JSON.stringify([table, column]);
  const collations = new Map(rows.map(([table, column, collation]) => [placeOf(table!, column!), collation]));
  const collationOf = ({ table, column }: ColumnPlace) => collations.get(placeOf(storedAs(table.name), column.name));
  return pairs.map(
    ([one, other]) => isText(one) && isText(other) && collationOf(one) !== undefined && collationOf(one) === collationOf(other),
  );
}

/**
 * What the server compares a column's text by, as hexadecimal digits. A space at the end counts for most collations as nothing: it is taken away before, and its weight behind letters
 * without one after. Those that let it count find a value more equal at worst.
 */
export function weightExpression({ name }: Column): string {
  const text = quoteName(name);
  const space = `HEX(WEIGHT_STRING(CONCAT(LEFT(${text}, 0), ' ')))`;
  return `TRIM(TRAILING ${space} FROM HEX(WEIGHT_STRING(TRIM(TRAILING ' ' FROM ${text}))))`;
}
