import { fittedText } from "../show/fitted-text.ts";
import { paintFor } from "../show/paint.ts";
import type { EmbeddedDatabase } from "./demo-shop.ts";

const NAME_WIDTH = 9;
const WIDEST = 44;

/** One customer with what hangs on her, as text by column. */
const CUSTOMER = `
  SELECT c.first_name || ' ' || c.last_name AS name, c.email, c.phone, c.born::text AS born, c.country,
         a.street || ', ' || a.postcode || ' ' || a.city AS address, k.number AS card,
         (SELECT count(*)::text || ' orders, ' || coalesce(sum(o.total), 0)::text FROM orders o WHERE o.customer_id = c.id) AS orders,
         (SELECT body FROM tickets t WHERE t.customer_id = c.id AND body IS NOT NULL LIMIT 1) AS ticket
    FROM customers c JOIN addresses a ON a.customer_id = c.id LEFT JOIN cards k ON k.customer_id = c.id
   WHERE c.id = $1`;

type Customer = Record<string, string | null>;

/** Shows customers before and after, side by side: the rows are invented, so they may be shown. */
export async function sideBySide(
  before: EmbeddedDatabase,
  after: EmbeddedDatabase,
  ids: readonly number[],
  output: NodeJS.WriteStream,
): Promise<readonly string[]> {
  const paint = paintFor(output);
  const width = Math.min(WIDEST, Math.max(20, Math.floor(((output.columns || 100) - NAME_WIDTH - 2) / 2)));
  const lines = [`${" ".repeat(NAME_WIDTH)} ${paint("bold", fittedText("before", width))} ${paint("bold", "after")}`];
  for (const id of ids) {
    const [original] = (await before.query<Customer>(CUSTOMER, [id])).rows;
    const [masked] = (await after.query<Customer>(CUSTOMER, [id])).rows;
    for (const column of Object.keys(original!)) {
      const one = original![column] ?? "NULL";
      const other = masked![column] ?? "NULL";
      const after = paint(one === other ? "dim" : "green", fittedText(other, width).trimEnd());
      lines.push(`${paint("dim", column.padEnd(NAME_WIDTH))} ${fittedText(one, width)} ${after}`);
    }
    lines.push("");
  }
  return lines;
}

/** Joins by foreign key, and one by a masked column: a ticket names its customer by mail address. */
const COUNTS = `
  SELECT (SELECT count(DISTINCT email) FROM customers)::int AS "different customers.email",
         (SELECT count(*) FROM orders o JOIN customers c ON c.id = o.customer_id)::int AS "orders with their customer",
         (SELECT count(*) FROM payments p JOIN orders o ON o.id = p.order_id JOIN cards k ON k.id = p.card_id)::int
           AS "payments with their order and card",
         (SELECT count(*) FROM tickets t JOIN customers c ON c.email = t.contact)::int AS "tickets with their customer, by masked email"`;

/** The same counts over the same joins on both sides. */
export async function joinsAgree(
  before: EmbeddedDatabase,
  after: EmbeddedDatabase,
  output: NodeJS.WritableStream,
): Promise<readonly string[]> {
  const paint = paintFor(output);
  const [one] = (await before.query<Record<string, number>>(COUNTS)).rows;
  const [other] = (await after.query<Record<string, number>>(COUNTS)).rows;
  return Object.keys(one!).map((name) => {
    const isEqual = one![name] === other![name];
    return `  ${isEqual ? paint("green", "✓") : paint("red", "✗")} ${name}: ${one![name]} before, ${other![name]} after`;
  });
}
