import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Column, ColumnKind, Table } from "../src/contracts.ts";
import { type ClassifyColumn, loadClassifier } from "../src/discover/classify-column.ts";
import { isCardNumber } from "../src/discover/recognise/recognise-card.ts";
import { isIban } from "../src/discover/recognise/recognise-iban.ts";
import type { DataClass } from "../src/policy/class-names.ts";
import { typicalColumn } from "../src/testing/typical-columns.ts";
import { columnsBeside, LABELLED_COLUMNS } from "./labelled-columns.ts";

/** Prints how well columns are classified: `npx jiti bench/discover.ts`. Material outside of the project is used where it lies. */
const DATA = join(import.meta.dirname, "..", "..", "shared", "data");

const column = (name: string, kind: ColumnKind = "text") => typicalColumn(kind, { name });

const tableOf = (name: string, columns: readonly Column[]): Table => ({
  ref: { schema: null, name },
  columns,
  uniqueKeys: [],
  foreignKeys: [],
  rowEstimate: null,
});

interface Judged {
  readonly name: string;
  /** The class that a person gave it, null where it is harmless. */
  readonly label: string | null;
  readonly found: DataClass | null;
  readonly decision: string;
}

const percent = (part: number, whole: number) => (whole === 0 ? "-" : `${((100 * part) / whole).toFixed(1)}%`);

/** Precision and recall of "somebody must look at this column or mask it", then per class. */
function report(title: string, judged: readonly Judged[], isSame: (label: string, found: DataClass) => boolean): void {
  const flagged = judged.filter(({ decision }) => decision !== "keep");
  const personal = judged.filter(({ label }) => label !== null);
  const hits = flagged.filter(({ label }) => label !== null);
  console.log(`\n${title}: ${judged.length} columns, ${personal.length} personal`);
  console.log(
    `  personal or not   precision ${percent(hits.length, flagged.length)}  recall ${percent(hits.length, personal.length)}`,
  );
  const right = hits.filter(({ label, found }) => found !== null && isSame(label!, found));
  console.log(
    `  the right class   precision ${percent(right.length, flagged.length)}  recall ${percent(right.length, personal.length)}`,
  );
  const classes = [...new Set(personal.map((one) => one.label!.split("|")[0]!))].sort();
  for (const label of classes) {
    const own = personal.filter((one) => one.label!.split("|")[0] === label);
    const found = own.filter((one) => one.found !== null && isSame(one.label!, one.found));
    const names = new Set<DataClass | null>(found.map((one) => one.found));
    const as = flagged.filter((one) => names.has(one.found));
    const right = as.filter((one) => one.label !== null && isSame(one.label, one.found!));
    console.log(
      `    ${label.padEnd(28)} precision ${percent(right.length, as.length).padStart(6)}  recall ${percent(found.length, own.length).padStart(6)}  (${own.length})`,
    );
  }
  for (const { name, label, found, decision } of judged) {
    if (label !== null && decision === "keep") console.log(`    missed   ${name} (${label})`);
    if (label === null && decision !== "keep") console.log(`    flagged  ${name} as ${found} (${decision})`);
    if (label !== null && decision !== "keep" && (found === null || !isSame(label, found)))
      console.log(`    other    ${name}: ${label} taken for ${found}`);
  }
}

function skip(path: string): boolean {
  const isMissing = !existsSync(join(DATA, path));
  if (isMissing) console.log(`\nskipped: there is no ../shared/data/${path}`);
  return isMissing;
}

const read = (path: string) => readFileSync(join(DATA, path), "utf8");

/** What the labels of the sample are called here. */
const CLASS_OF_LABEL: Readonly<Record<string, readonly DataClass[]>> = {
  US_Social_Security_Number: ["nationalId"],
  Gender: ["gender"],
  Birth_Date: ["birthDate"],
  Last_Name: ["lastName", "maidenName"],
  First_Name: ["firstName"],
  Street_Address: ["streetAddress", "postalAddress"],
  City: ["city"],
  State: ["region"],
  Postal_Code: ["postcode"],
  Phone_Number: ["phone"],
  Email_Address: ["email"],
  Credit_Debit_Card_Number: ["cardNumber"],
  Card_CVV: ["cardCvv"],
  Card_Expiry: ["cardExpiry"],
};

function labelledFile(classify: ClassifyColumn): void {
  if (skip("pii/columns.jsonl")) return;
  const lines = read("pii/columns.jsonl")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const table = tableOf(
    "sample_data",
    lines.map(({ column: name }) => column(name)),
  );
  const judge = (hidesNames: boolean): Judged[] =>
    lines.map(({ column: name, label, samples }, index) => {
      const own = hidesNames ? column(`c${index}`) : column(name);
      const { kind, decision } = classify({ table: hidesNames ? tableOf("t", [own]) : table, column: own, values: samples });
      return { name, label, found: kind, decision };
    });
  const isSame = (label: string, found: DataClass) => CLASS_OF_LABEL[label]?.includes(found) ?? false;
  report("columns.jsonl", judge(false), isSame);
  report("columns.jsonl without the names of columns", judge(true), isSame);
}

function ownColumns(classify: ClassifyColumn): void {
  const judged = LABELLED_COLUMNS.map(({ table, name, kind = "text", label, values }): Judged => {
    const own = column(name, kind);
    const found = classify({
      table: tableOf(table, [own, ...columnsBeside(table).map((one) => column(one))]),
      column: own,
      values,
    });
    return { name: `${table}.${name}`, label, found: found.kind, decision: found.decision };
  });
  report("labelled columns of this folder", judged, (label, found) => label.split("|").includes(found));
}

async function numbers(): Promise<void> {
  const { parsePhoneNumberFromString } = await import("libphonenumber-js/max");
  const rate = (title: string, valid: readonly boolean[], invalid: readonly boolean[]) => {
    const hits = valid.filter(Boolean).length;
    const wrong = invalid.filter(Boolean).length;
    console.log(
      `  ${title.padEnd(22)} precision ${percent(hits, hits + wrong).padStart(6)}  recall ${percent(hits, valid.length).padStart(6)}  (${valid.length} valid, ${invalid.length} invalid)`,
    );
  };
  console.log("\nsingle values");
  if (!skip("ids/iban-examples.json")) {
    const { examples } = JSON.parse(read("ids/iban-examples.json")) as { examples: readonly { iban: string }[] };
    rate(
      "IBAN",
      examples.map(({ iban }) => isIban(iban)),
      examples.map(({ iban }) => isIban(changed(iban))),
    );
  }
  if (!skip("ids/cards.json")) {
    const cards = JSON.parse(read("ids/cards.json")) as {
      known: readonly { pan: string }[];
      validatorjs_valid: readonly string[];
      validatorjs_invalid?: readonly string[];
    };
    const valid = [...cards.known.map(({ pan }) => pan), ...cards.validatorjs_valid];
    rate(
      "card number",
      valid.map(isCardNumber), // Among the invalid are numbers that are valid, but of another issuer than was asked for.
      [...valid.map(changed), ...(cards.validatorjs_invalid ?? []).filter((pan) => !valid.includes(pan))].map(isCardNumber),
    );
  }
  if (!skip("ids/phone-examples.json")) {
    const { examples } = JSON.parse(read("ids/phone-examples.json")) as { examples: readonly { e164: string }[] };
    const isPhone = (value: string) => parsePhoneNumberFromString(value)?.isValid() ?? false;
    rate(
      "phone, with country",
      examples.map(({ e164 }) => isPhone(e164)),
      examples.map(({ e164 }) => isPhone(`${e164}00000`)),
    );
  }
  if (!skip("ids/stdnum.json")) await officialNumbers(rate);
}

/** The same with its last digit one higher. */
function changed(value: string): string {
  return value.replace(/\d(?=\D*$)/, (digit) => String((Number(digit) + 1) % 10));
}

async function officialNumbers(
  rate: (title: string, valid: readonly boolean[], invalid: readonly boolean[]) => void,
): Promise<void> {
  const { stdnum } = await import("stdnum");
  const { calls } = JSON.parse(read("ids/stdnum.json")) as {
    calls: readonly { module: string; fn: string; arg: unknown; result?: unknown; error?: string }[];
  };
  const countries = new Set<string>();
  const valid: boolean[] = [];
  const invalid: boolean[] = [];
  for (const { module, fn, arg, result, error } of calls) {
    const [, country = "", name = ""] = /^stdnum\.([a-z]{2})_?\.(\w+)$/.exec(module) ?? [];
    const validator = stdnum[country.toUpperCase()]?.[name];
    if (validator === undefined || typeof arg !== "string" || !["validate", "is_valid"].includes(fn)) continue;
    const isValid = validator.validate(arg).isValid;
    if (error !== undefined || result === false) invalid.push(isValid);
    else {
      valid.push(isValid);
      countries.add(country);
    }
  }
  rate("official numbers", valid, invalid);
  console.log(`  of ${countries.size} countries`);
}

const start = performance.now();
const classify = await loadClassifier();
console.log(`loaded in ${Math.round(performance.now() - start)} ms`);
labelledFile(classify);
const before = performance.now();
ownColumns(classify);
console.log(`  ${((performance.now() - before) / LABELLED_COLUMNS.length).toFixed(2)} ms a column`);
await numbers();
