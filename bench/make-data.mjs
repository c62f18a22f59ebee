import { once } from "node:events";
import { createWriteStream, existsSync, mkdirSync, renameSync } from "node:fs";
import { join } from "node:path";

const FIRST = [
  "Jane",
  "Omar",
  "Zoë",
  "Lars",
  "Mei",
  "José",
  "Anna",
  "Noah",
  "Aïcha",
  "Björn",
  "Carla",
  "Dmitri",
  "Élodie",
  "Farid",
  "Greta",
  "Hugo",
];
const LAST = [
  "Müller",
  "Smith",
  "García",
  "Rossi",
  "Nguyễn",
  "Kowalski",
  "Okafor",
  "Silva",
  "Dubois",
  "Jensen",
  "Novák",
  "Yilmaz",
  "Brown",
  "Haddad",
];
const STREETS = ["Main Street", "Rue de la Paix", "Hauptstraße", "Via Roma", "Calle Mayor", "High Street", "Avenida Paulista"];

/** The 12 columns of PERFORMANCE: ids, names, contact data, numbers with check digits, dates, quoted addresses with line breaks, JSON. */
export const COLUMNS = [
  "id",
  "uuid",
  "first_name",
  "last_name",
  "email",
  "phone",
  "ssn",
  "card",
  "dob",
  "address",
  "notes",
  "created_at",
];

/** Makes (once) a CSV of so many rows and gives its path. The same rows each time. */
export async function makeCsv(folder, rows) {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, `customers-${rows}.csv`);
  if (existsSync(path)) return path;
  const output = createWriteStream(`${path}.partial`);
  output.write(`${COLUMNS.join(",")}\n`);
  const random = generator(20261123);
  for (let from = 0; from < rows; from += 1000) {
    const lines = [];
    for (let id = from + 1; id <= Math.min(from + 1000, rows); id++) lines.push(line(id, random));
    if (!output.write(lines.join(""))) await once(output, "drain");
  }
  output.end();
  await once(output, "close");
  renameSync(`${path}.partial`, path);
  return path;
}

function line(id, random) {
  const below = (n) => random() % n;
  const pick = (list) => list[below(list.length)];
  const digits = (count) => Array.from({ length: count }, () => below(10)).join("");
  const first = pick(FIRST);
  const last = pick(LAST);
  const uuid = `${hex(random)}-${hex(random).slice(4)}-4${hex(random).slice(5)}-a${hex(random).slice(5)}-${hex(random)}${hex(random).slice(4)}`;
  const email = `${plain(first)}.${plain(last)}${below(100_000)}@acme-${below(500)}.com`;
  const card = withLuhn(`4${digits(14)}`);
  const kind = below(10);
  const plainAddress = `${below(999)} ${pick(STREETS)}`;
  const address =
    kind === 0
      ? plainAddress
      : kind < 3
        ? `"${plainAddress}\nApt ${below(90)}, City ${below(300)}"`
        : kind === 3
          ? `"${plainAddress}, ""The Mews"""`
          : `"${plainAddress}, City ${below(300)}"`;
  const notes =
    below(5) === 0
      ? "{}"
      : `"{""plan"": ""${pick(["free", "pro", "team"])}"", ""visits"": ${below(5000)}, ""tags"": [""a"", ""b${below(50)}""]}"`;
  const day = (year) => `${year}-${String(1 + below(12)).padStart(2, "0")}-${String(1 + below(28)).padStart(2, "0")}`;
  const time = `${String(below(24)).padStart(2, "0")}:${String(below(60)).padStart(2, "0")}:${String(below(60)).padStart(2, "0")}`;
  const cells = [
    id,
    uuid,
    first,
    last,
    email,
    `+1 555 ${digits(3)} ${digits(4)}`,
    `${digits(3)}-${digits(2)}-${digits(4)}`,
    card,
    day(1940 + below(65)),
    address,
    notes,
    `${day(2018 + below(8))} ${time}`,
  ];
  return `${cells.join(",")}\n`;
}

const plain = (name) =>
  name
    .normalize("NFD")
    .replace(/[^A-Za-z]/g, "")
    .toLowerCase();
const hex = (random) => random().toString(16).padStart(8, "0");

function withLuhn(body) {
  let sum = 0;
  for (let index = 0; index < body.length; index++) {
    const digit = Number(body[body.length - 1 - index]) * (index % 2 === 0 ? 2 : 1);
    sum += digit > 9 ? digit - 9 : digit;
  }
  return body + ((10 - (sum % 10)) % 10);
}

/** xorshift32: the same rows on every machine. */
function generator(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    state >>>= 0;
    return state;
  };
}
