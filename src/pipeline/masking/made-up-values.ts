import type { Column } from "../../contracts.ts";

/** Of nobody: the numbers and domains are those kept for examples, the names those of every example. */
const BY_NAME: readonly (readonly [RegExp, string])[] = [
  [/mail/i, "jane.doe@acme.example"],
  [/phone|mobile|(?:^|_)tel(?:$|_)|fax/i, "+1 202 555 0143"],
  [/iban/i, "DE89370400440532013000"],
  [/card|pan\b/i, "4111111111111111"],
  [/first|given/i, "Jane"],
  [/last|family|surname/i, "Doe"],
  [/city|town/i, "Springfield"],
  [/street|address/i, "12 Main Street"],
  [/zip|post_?code|postal/i, "12345"],
  [/url|link|website/i, "https://acme.example/jane"],
  [/birth|born|(?:^|_)dob(?:$|_)/i, "1987-03-14"],
  [/(?:^|_)ip(?:$|_)/i, "192.0.2.44"],
];

/** What a text might be, tried in turn: a mask of digits cannot handle a name. */
const TEXTS = ["Jane Doe", "4111111111111111", "1987-03-14", "250.00", "3f2504e0-4f89-41d3-9a0c-0305e82c3301"];

const BY_KIND: Readonly<Partial<Record<Column["kind"], string>>> = {
  integer: "1042",
  decimal: "250.00",
  float: "250.5",
  boolean: "t",
  date: "1987-03-14",
  time: "08:30:00",
  timestamp: "1987-03-14 08:30:00",
  interval: "3 days",
  uuid: "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
  json: '{"name": "Jane Doe"}',
  xml: "<name>Jane Doe</name>",
  array: "{Jane,Doe}",
  network: "192.0.2.44",
};

/** Values that a column might hold, made up from its name and kind alone, the likeliest first. */
export function madeUpValues({ name, kind, maxLength, labels }: Column, domain: string): readonly string[] {
  const [label] = labels ?? [];
  if (label !== undefined) return [label];
  const known = BY_KIND[kind];
  if (known !== undefined) return [known, "42"];
  const guesses = BY_NAME.filter(([pattern]) => pattern.test(name) || pattern.test(domain)).map(([, value]) => value);
  const fitting = [...guesses, ...TEXTS].map((value) => value.slice(0, maxLength ?? undefined));
  return fitting;
}
