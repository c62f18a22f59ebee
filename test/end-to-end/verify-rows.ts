import { PEOPLE } from "./verify-suite.ts";

const quoted = (value: unknown) => (typeof value === "number" ? String(value) : `'${String(value).replaceAll("'", "''")}'`);

/** Statements that make the shop of the suite's people, with a table that is not copied. `json` and `text` are the server's types for documents and for long texts. */
export function shopOf(json: string, text = "text"): readonly string[] {
  const people = PEOPLE.map((person) => `(${Object.values(person).map(quoted).join()})`);
  const tickets = PEOPLE.map(({ id }) => `(${id}, ${(id % 400) + 1}, 'note ${id}', '{"open": true}')`);
  return [
    `CREATE TABLE people (id int PRIMARY KEY, first_name varchar(40), last_name varchar(60), email varchar(120), phone varchar(30), profile ${json}, city varchar(30))`,
    `CREATE TABLE tickets (id int PRIMARY KEY, person_id int REFERENCES people (id), note ${text}, extra ${json})`,
    "CREATE TABLE audit (id int, entry text)",
    `INSERT INTO people VALUES ${people.join(",")}`,
    `INSERT INTO tickets VALUES ${tickets.join(",")}`,
  ];
}
