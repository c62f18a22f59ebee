import { numbersTo } from "../servers/mysql-server.ts";
import { CANARY, type FaultSystem } from "./fault-system.ts";

/** People who know one another by `referred_by`, and their orders. */
const TABLES = `
  CREATE TABLE people (id int PRIMARY KEY, referred_by int, note varchar(1200), FOREIGN KEY (referred_by) REFERENCES people (id));
  CREATE TABLE orders (id int PRIMARY KEY, person int NOT NULL, note varchar(1200), FOREIGN KEY (person) REFERENCES people (id))`;

export const clearWorld = "DROP TABLE orders; DROP TABLE people";

const numbers = ({ name }: FaultSystem, last: number) =>
  name === "PostgreSQL" ? `generate_series(1, ${last}) numbers (seq)` : numbersTo(last);

/** Makes so many people, most of whom were referred by another, and three orders for each, of a kilobyte. */
export function fillWorld(system: FaultSystem, people: number): string {
  // MariaDB looks at each row's reference as it comes, and PostgreSQL when all are there.
  return `${system.name === "PostgreSQL" ? "" : "SET foreign_key_checks = 0;"} ${TABLES};
    INSERT INTO people SELECT seq, CASE WHEN seq % 5 = 0 THEN NULL ELSE 1 + seq * 7 % ${people} END, CONCAT('${CANARY} ', seq) FROM ${numbers(system, people)};
    INSERT INTO orders SELECT seq, CEIL(seq / 3.0), CONCAT('${CANARY} ', seq, REPEAT('x', 1000)) FROM ${numbers(system, people * 3)};
    ${system.name === "PostgreSQL" ? "ANALYZE people, orders" : "ANALYZE TABLE people, orders"}`;
}

/** Makes a chain: whoever comes along brings everybody before, one after the other. */
export function fillChain(system: FaultSystem, people: number): string {
  return `${TABLES};
    INSERT INTO people SELECT seq, CASE WHEN seq = 1 THEN NULL ELSE seq - 1 END, '${CANARY}' FROM ${numbers(system, people)}`;
}

/** What a source may become while a run of it is dead: rows changed, gone with all that pointed to them, come, and pointing elsewhere. Most orders stay as they are. */
export const changesOf = (people: number): readonly string[] => [
  `UPDATE people SET note = '${CANARY} changed' WHERE id % 100 = 7`,
  `UPDATE people SET referred_by = ${people} - id WHERE id < 40`,
  "UPDATE people SET referred_by = NULL WHERE referred_by BETWEEN 100 AND 110",
  "DELETE FROM orders WHERE person BETWEEN 100 AND 110",
  "DELETE FROM people WHERE id BETWEEN 100 AND 110",
  "UPDATE orders SET person = 900 WHERE id BETWEEN 3 AND 90",
  `INSERT INTO people SELECT id + 2 * ${people}, id, note FROM people WHERE id < 90`,
  `INSERT INTO orders SELECT id + 9 * ${people}, person + 2 * ${people}, note FROM orders WHERE person < 90`,
];
