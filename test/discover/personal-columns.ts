/** Personal columns of a sample database, by a person's reading of its schema and rows: `table.column`. */
export interface PersonalColumns {
  /** Names, addresses, numbers, accounts, pictures and texts that point to one person: none of them may reach a target as it was. */
  readonly direct: readonly string[];
  /** What narrows a person down together with other columns. */
  readonly indirect: readonly string[];
  /** Names of performers and composers, published with their works, and contact data of companies: masked or kept, neither is wrong. */
  readonly either: readonly string[];
}

const of = (table: string, columns: string) => columns.split(" ").map((column) => `${table}.${column}`);

const RENTAL_STORE: PersonalColumns = {
  direct: [
    ...of("customer", "first_name last_name email"),
    ...of("address", "address address2 phone"),
    ...of("staff", "first_name last_name email username password picture"),
  ],
  indirect: [...of("address", "postal_code district"), "city.city"],
  either: [
    ...of("actor", "first_name last_name"),
    "country.country",
    "customer.create_date",
    ...of("rental", "rental_date return_date rental_period"),
  ],
};

/** The MySQL file spells names in its own way: `FirstName`. */
const camel = (names: readonly string[]) =>
  names.map((name) =>
    name
      .split(".")
      .map((part) => part.replace(/(?:^|_)(\w)/g, (_, letter: string) => letter.toUpperCase()))
      .join("."),
  );

const CHINOOK: PersonalColumns = {
  direct: [
    ...of("customer", "first_name last_name address phone fax email"),
    ...of("employee", "first_name last_name address phone fax email"),
    "invoice.billing_address",
  ],
  indirect: [
    ...of("customer", "city state postal_code"),
    ...of("employee", "city state postal_code birth_date"),
    ...of("invoice", "billing_city billing_state billing_postal_code"),
  ],
  either: [
    ...of("customer", "company country"),
    ...of("employee", "title country hire_date"),
    "invoice.billing_country",
    "artist.name",
    "track.composer",
  ],
};

export const PERSONAL_COLUMNS: Readonly<Record<string, PersonalColumns>> = {
  pagila: RENTAL_STORE,
  sakila: RENTAL_STORE,
  northwind: {
    direct: [
      ...of("customers", "contact_name address phone fax"),
      ...of("employees", "last_name first_name address home_phone photo notes photo_path"),
      "orders.ship_address",
      ...of("suppliers", "contact_name address phone fax"),
    ],
    indirect: [
      ...of("customers", "city region postal_code"),
      ...of("employees", "birth_date city region postal_code extension"),
      ...of("orders", "ship_city ship_region ship_postal_code"),
      ...of("suppliers", "city region postal_code"),
    ],
    either: [
      ...of("customers", "company_name contact_title country customer_id"),
      ...of("employees", "title title_of_courtesy country hire_date"),
      // The names of firms, as in customers.company_name.
      ...of("orders", "ship_name ship_country"),
      ...of("suppliers", "company_name contact_title country homepage"),
      ...of("shippers", "company_name phone"),
      "customer_demographics.customer_desc",
    ],
  },
  chinook: CHINOOK,
  chinookCamel: { direct: camel(CHINOOK.direct), indirect: camel(CHINOOK.indirect), either: camel(CHINOOK.either) },
};

/** How a proposal compares with the reading. */
export function countAgainst({ direct, indirect, either }: PersonalColumns, flagged: readonly string[]) {
  const personal = [...direct, ...indirect];
  return {
    flagged: flagged.length,
    missed: personal.filter((name) => !flagged.includes(name)),
    wrong: flagged.filter((name) => ![...personal, ...either].includes(name)),
  };
}
