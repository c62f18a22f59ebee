import type { Peer } from "./peer.ts";

export const POSTGRESQL_ANONYMIZER: Peer = {
  name: "PostgreSQL Anonymizer",
  version: "2.2",
  transforms: [
    ["MASKED WITH VALUE", '`constant({ value: "x" })`, `nullify()`'],
    ["Not masked", '`keep("country codes")`', "Every column needs a rule, so that a new one is never copied by chance."],
    [
      "noise, add_noise_on_numeric_column",
      "`addNoise({ ratio: 0.1 })`",
      "The same value moves by the same share in every run, so that averaging runs gives nothing away.",
    ],
    ["dnoise, add_noise_on_datetime_column", "`shiftDates({ days: 30 })`, `jitterDates({ seconds: 3600 })`"],
    ["random_date, random_date_between", '`drawDates({ min: "1950-01-01", max: "2005-12-31" })`'],
    ["random_string", "`tokenize({ length: 12 })`, `encryptText()`"],
    ["random_zip", '`persona({ field: "postcode", by: "id" })`, `fake("location.zipCode")`'],
    ["random_phone", '`encryptPhone({ country: "FR" })`, `fake("helpers.replaceSymbols", { arguments: ["+33 1 ## ## ## ##"] })`'],
    ["random_hash", "`hash()`"],
    [
      "random_int_between, random_bigint_between, random_in_int4range, random_in_int8range, random_in_numrange",
      "`drawNumber({ min: 1, max: 100 })`",
    ],
    ["random_in_daterange, random_in_tsrange, random_in_tstzrange", '`drawDates({ min: "2020-01-01", max: "2020-12-31" })`'],
    [
      "random_in, random_in_enum",
      '`pick({ from: ["gold", "silver"] })`, `pick()`',
      "In a column of an enum `pick` takes its labels.",
    ],
    [
      "random_id, random_id_int, random_id_small_int",
      '`tokenize({ as: "integer" })`, `encryptDigits()`',
      "No sequence: an id that depends on the order of rows joins nothing.",
    ],
    [
      "fake_address, fake_city, fake_country, fake_company, fake_email, fake_first_name, fake_last_name, fake_postcode",
      '`fake("location.city")`, `fake("company.name")`, `fake("internet.email")`, `persona({ field: "postcode", by: "id" })`',
      "Lists of your own: `pick` with a `file`.",
    ],
    [
      "fake_iban, fake_siret",
      '`encryptId({ scheme: "iban" })`, `encryptId({ scheme: "fr.siret" })`',
      "Valid by their check digits.",
    ],
    ["lorem_ipsum", '`fake("lorem.paragraphs", { arguments: [2] })`, `fake("lorem.words", { arguments: [5] })`'],
    [
      "dummy_bic, dummy_credit_card_number, dummy_isbn, dummy_isin",
      '`fake("finance.bic")`, `fakeCard()`, `encryptId({ scheme: "isbn" })`, `fake("helpers.fromRegExp", { arguments: ["US[0-9]{10}"] })`',
      "The check digit of an ISIN is not computed.",
    ],
    [
      "dummy_bs, dummy_buzzword, dummy_catchphrase",
      '`fake("company.buzzPhrase")`, `fake("company.buzzVerb")`, `fake("company.catchPhrase")`',
      "Their middle and tail are faker's noun, adjective and descriptor.",
    ],
    [
      "dummy_building_number, dummy_street_name, dummy_street_suffix, dummy_secondary_address",
      '`fake("location.buildingNumber")`, `fake("location.street")`, `fake("location.secondaryAddress")`',
      "A suffix alone: `pick`.",
    ],
    ["dummy_city_name, dummy_city_prefix, dummy_city_suffix", '`fake("location.city")`, `pick({ from: ["North", "New"] })`'],
    [
      "dummy_country_code, dummy_country_name, dummy_state_abbr, dummy_state_name, dummy_timezone, dummy_latitude, dummy_longitude",
      '`fake("location.countryCode")`, `fake("location.state")`, `fake("location.timeZone")`, `persona({ field: "latitude", by: "id" })`',
    ],
    [
      "dummy_cell_number, dummy_phone_number",
      '`encryptPhone()`, `fake("phone.number")`',
      "`encryptPhone` keeps a mobile number a mobile one.",
    ],
    [
      "dummy_color, dummy_hex_color, dummy_hsl_color, dummy_hsla_color, dummy_rgb_color, dummy_rgba_color",
      '`fake("color.rgb")`, `fake("color.hsl")`, `fake("color.human")`',
    ],
    ["dummy_company_name, dummy_company_suffix", '`fake("company.name")`, `pick({ from: ["Ltd", "Inc"] })`'],
    [
      "dummy_currency_code, dummy_currency_name, dummy_currency_symbol",
      '`fake("finance.currencyCode")`, `fake("finance.currencyName")`, `fake("finance.currencySymbol")`',
    ],
    [
      "dummy_dir_path, dummy_file_extension, dummy_file_name, dummy_file_path",
      '`fake("system.directoryPath")`, `fake("system.fileExt")`, `fake("system.fileName")`, `fake("system.filePath")`',
    ],
    [
      "dummy_domain_suffix, dummy_free_email, dummy_free_email_provider, dummy_safe_email",
      '`pick({ from: ["com", "org"] })`, `maskEmail({ host: "class" })`, `fake("internet.email")`',
      "Mail of free providers is not given: real people have those addresses. `class` gives `gmail.com.example`.",
    ],
    [
      "dummy_first_name, dummy_last_name, dummy_name, dummy_name_with_title, dummy_title, dummy_suffix",
      '`fake("person.firstName")`, `fake("person.fullName")`, `fake("person.prefix")`, `fake("person.suffix")`',
    ],
    [
      "dummy_health_insurance_code, dummy_licence_plate",
      '`encryptId({ scheme: "/[A-Z][0-9]{9}/" })`, `encryptText()`',
      "A pattern of your own, one for one.",
    ],
    ["dummy_industry, dummy_profession", '`pick({ from: ["Retail", "Mining"] })`, `fake("person.jobTitle")`'],
    [
      "dummy_ip, dummy_ipv4, dummy_ipv6, dummy_mac_address",
      '`encryptIp()`, `encryptId({ scheme: "mac" })`, `fake("internet.ipv4")`',
    ],
    ["dummy_rfc_status_code, dummy_valid_status_code", '`fake("internet.httpStatusCode")`'],
    ["dummy_user_agent, dummy_username", '`fake("internet.userAgent")`, `fake("internet.username")`'],
    ["dummy_uuidv1, dummy_uuidv3, dummy_uuidv4, dummy_uuidv5", '`encryptId({ scheme: "uuid" })`', "Keeps the version."],
    ["dummy_word, dummy_words", '`fake("lorem.word")`, `fake("lorem.words")`'],
    ["dummy_post_code, dummy_zip_code", '`encryptId({ scheme: "postcode.us" })`, `fake("location.zipCode")`'],
    [
      "dummy_*_locale",
      '`fake("person.fullName", { locale: "ja" })`, `persona({ field: "fullName", by: "id", localeFrom: "country" })`',
    ],
    [
      "pseudo_first_name, pseudo_last_name, pseudo_email, pseudo_city, pseudo_country, pseudo_company, pseudo_iban, pseudo_siret",
      '`fake("person.firstName")`, `fake("internet.email")`, `encryptId({ scheme: "iban" })`',
      "Every `fake` is such a one, from the key.",
    ],
    ["hash, digest", "`hash()`"],
    [
      "partial, partial_email",
      '`redact({ keepFirst: 2, keepLast: 2 })`, `maskEmail({ host: "keep", local: redact({ keepFirst: 1 }) })`',
    ],
    ["ternary", "`when({ if: \"country = 'DE'\", then: encryptDigits(), else: redact() })`"],
    [
      "left, right, substr, concat, lower, upper, md5, replace, regexp_replace, to_char, to_date, to_number, date_trunc, date_part, date_add, make_date, age",
      '`template({ text: "{{masked.name | lower | first 3}}" })`, `generalizeDate({ to: "month" })`, `generalizeAge()`, `custom((value) => value)`',
      "No SQL: pieces for the usual, `custom` for the rest.",
    ],
    ["generalize_int4range, generalize_int8range, generalize_numrange", '`bucketNumber({ width: 10, as: "range" })`'],
    [
      "generalize_daterange, generalize_tsrange, generalize_tstzrange",
      '`generalizeDate({ to: "quarter" })`',
      "The first day of the period, or its name; not a range.",
    ],
    ["shuffle_column", "`shuffle()`", "Among the rows of a window, not of the whole table."],
    ["image_blur", null, "Images are not masked: empty the column by `nullify`, or give one picture to all by `constant`."],
    ["k_anonymity", null, "Not a mask: `standin verify` counts it, by the `verify` of the policy."],
    ["detect", null, "Not a mask: `standin init` looks at names and values, and writes a first policy."],
    ["Row filters (TABLESAMPLE, row level security)", null, "Not a mask: rows are not left out, all of a table is copied."],
  ],
};
