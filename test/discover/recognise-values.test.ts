import { describe, expect, it } from "vitest";
import { isBic } from "../../src/discover/recognise/recognise-bic.ts";
import { isBookNumber } from "../../src/discover/recognise/recognise-book-number.ts";
import { isCardNumber, isTruncatedCard } from "../../src/discover/recognise/recognise-card.ts";
import { isLoinc } from "../../src/discover/recognise/recognise-code.ts";
import { yearOf } from "../../src/discover/recognise/recognise-date-of-birth.ts";
import { isEmail } from "../../src/discover/recognise/recognise-email.ts";
import { isIban } from "../../src/discover/recognise/recognise-iban.ts";
import { isPicture } from "../../src/discover/recognise/recognise-image.ts";
import { isImei } from "../../src/discover/recognise/recognise-imei.ts";
import { isIpAddress, isMacAddress } from "../../src/discover/recognise/recognise-network-address.ts";
import { hasFormOfPhone } from "../../src/discover/recognise/recognise-phone.ts";
import { hasFormOfPostcode, isCoordinate, isStreetAddress } from "../../src/discover/recognise/recognise-place.ts";
import { isCookie, isIssuedSecret, isJwt, isPasswordHash } from "../../src/discover/recognise/recognise-secret.ts";
import { isUsSsn } from "../../src/discover/recognise/recognise-us-ssn.ts";
import { hasVinCheckDigit, isVin } from "../../src/discover/recognise/recognise-vin.ts";
import { isPersonalUrl } from "../../src/discover/recognise/recognise-web.ts";

/** Numbers that standards, vendors and issuers give as examples. */
const CASES: readonly (readonly [string, (value: string) => boolean, readonly string[], readonly string[]])[] = [
  [
    "a mail address",
    isEmail,
    ["jane@acme.com", "Jane Doe <jane@acme.com>", "jörg@müller.de", "a+b@x.co.uk"],
    ["jane@", "@acme.com", "jane@acme", "a b@c.de", "a@b@c.de"],
  ],
  [
    "an IBAN",
    isIban,
    ["DE89 3704 0044 0532 0130 00", "GB82WEST12345698765432", "NO9386011117947", "IBAN: gb82 west 1234 5698 7654 32"],
    ["DE89370400440532013001", "GB82WEST1234569876543", "XX89370400440532013000"],
  ],
  ["a bank code", isBic, ["DEUTDEFF", "BNPAFRPPXXX"], ["DEUTZZFF", "deutdeff", "DEUTDEF"]],
  [
    "a card number",
    isCardNumber,
    ["4111 1111 1111 1111", "378282246310005", "5555-5555-5555-4444", "6011111111111117", "3530111333300000"],
    ["4111111111111112", "9999999999999995", "0000000000000000", "411111"],
  ],
  [
    "a truncated card number",
    isTruncatedCard,
    ["411111******1111", "XXXX-XXXX-XXXX-1111", "**** **** **** 1111", "41111111xxxx1111"],
    ["4111111111111111", "********", "XXXX-1111", "xx1111", "41111*****1111"],
  ],
  ["a cookie", isCookie, ["sessionid=9f8c7d6e5b4a39281706; theme=dark"], ["theme=dark; size=3", "a=1", "x; y"]],
  ["a laboratory's code", isLoinc, ["2345-7", "718-7", "4548-4"], ["2345-8", "718", "a-7"]],
  ["a book's number", isBookNumber, ["0-306-40615-2", "080442957X"], ["0306406153", "X804429570"]],
  [
    "an IP address",
    isIpAddress,
    ["203.0.113.9", "2001:db8::1", "203.0.113.0/24", "fe80::1%eth0", "203.0.113.9:443", "203.0.113.9, 2001:db8::1"],
    ["256.1.1.1", "1.2.3", "::", "12:30:00", "255.255.255.0", "203.0.113.9, x"],
  ],
  [
    "a MAC address",
    isMacAddress,
    ["00:1a:2b:3c:4d:5e", "00-1A-2B-3C-4D-5F", "001a.2b3c.4d5e"],
    ["00:1a:2b:3c:4d", "00:1a-2b:3c:4d:5e", "001a2b3c4d5e"],
  ],
  ["an IMEI", isImei, ["490154203237518", "49-015420-323751-8"], ["490154203237519", "123456789012345"]],
  ["a VIN", isVin, ["1M8GDM9AXKP042788", "WVWZZZ1JZXW000001"], ["1M8GDM9AXKP04278", "IM8GDM9AXKP042788", "11111111111111111"]],
  ["a VIN with the check digit", hasVinCheckDigit, ["1M8GDM9AXKP042788"], ["1M8GDM9A1KP042788"]],
  ["a token", isJwt, ["eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2ln"], ["eyJhbGciOiJIUzI1NiJ9", "a.b.c"]],
  [
    "an issued key",
    isIssuedSecret,
    [
      "AKIAIOSFODNN7EXAMPLE",
      `ghp_${"a1".repeat(18)}`,
      `sk_live_${"4eC39HqLyjWDarjt"}`,
      "-----BEGIN RSA PRIVATE KEY-----",
      "postgres://app:s3cret@db.example.com/x",
      "Basic dXNlcjpwYXNz",
      "ssh-ed25519 AAAAC3Nz jane@laptop",
    ],
    ["postgres://db.example.com/x", "https://example.com:8080/a@b", "Basic information", "AKIA", "ghp_x", "sk_live"],
  ],
  [
    "a password's hash",
    isPasswordHash,
    ["$argon2id$v=19$m=65536$c29t$aGFz", `$2b$12$${"a".repeat(53)}`, "{SSHA}abc", "pbkdf2_sha256$1000$a$b"],
    ["$2b$12$short", "hunter2", "$price"],
  ],
  [
    "a social security number",
    isUsSsn,
    ["219-09-9999", "457-55-5462"],
    ["000-12-3456", "666-12-3456", "900-12-3456", "219-00-9999", "219099999"],
  ],
  [
    "a street",
    isStreetAddress,
    ["12 Main St", "Hauptstr. 5", "3 rue de la Paix", "Calle Mayor 3", "ul. Długa 7", "Kungsgatan 12"],
    ["Main Street", "12345", "Version 3 of it"],
  ],
  [
    "a postcode",
    hasFormOfPostcode,
    ["10115", "SW1A 1AA", "1012 AB", "00-001", "94025-1234", "D-10115", "K1A 0B1"],
    ["Berlin", "1", "12345678901"],
  ],
  [
    "a coordinate",
    isCoordinate,
    ["52.5200", "-13.4050", "52.52, 13.40", "POINT(13.4 52.5)", "(13.4,52.5)"],
    ["52", "181.5", "1.2.3", "a,b"],
  ],
  [
    "a phone number's form",
    hasFormOfPhone,
    ["+49 30 901820", "(503) 555-7555", "555-867-5309 x12"],
    ["2024-01-31", "12.50", "12", "call me"],
  ],
  [
    "a URL that names a user",
    isPersonalUrl,
    ["https://bob:pw@example.com/", "https://www.linkedin.com/in/jane-doe", "https://x.example/?email=a%40b.c"],
    ["https://example.com/", "https://shop.example.com/tea", "example.com"],
  ],
  [
    "a picture",
    isPicture,
    [
      "\\x89504e470d0a1a0a0000000d49484452",
      "0xFFD8FFE000104A464946",
      "iVBORw0KGgoAAAANSUhEUgAA",
      "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAA",
    ],
    ["\\x0011223344556677", "hello", "SGVsbG8gd29ybGQhIQ=="],
  ],
  [
    "a year of a date",
    (value) => yearOf(value) !== null,
    ["1987-03-14", "14.03.1987", "3/14/1987", "1987", "14 March 1987", "03/14/87"],
    ["87", "yesterday", "12.5", "1987-3"],
  ],
];

describe.each(CASES)("%s", (_, test, valid, invalid) => {
  it("is recognised", () => expect(valid.filter((value) => !test(value))).toEqual([]));
  it("is told from what looks like it", () => expect(invalid.filter(test)).toEqual([]));
});

/** What backtracking expressions choke on. */
const NASTY = [
  "a",
  "1",
  "-",
  "a@",
  "a.",
  "1.",
  "1 ",
  "+1",
  "ab ",
  "<a>",
  '{"a":',
  "[",
  "https://a",
  "Aa ",
  "0x",
  "=",
  "(",
  "é",
].map((part) => part.repeat(20_000));

it("no form takes more than linear time", () => {
  const start = performance.now();
  for (const [, test] of CASES) for (const value of NASTY) test(`${value}!`);
  expect(performance.now() - start).toBeLessThan(2_000);
});
