import type { LocaleDefinition, PhoneNumberDefinition } from "@faker-js/faker";

/** Set aside for examples by RFC 2606, section 3: mail to them reaches nobody. All three are equally long. */
export const RESERVED_DOMAINS = ["example.com", "example.net", "example.org"] as const;

type PhoneFormats = Partial<NonNullable<NonNullable<PhoneNumberDefinition["format"]>>>;

/**
 * Numbers that ring nowhere, by calling code, in faker's notation (`#` a digit, `!` a digit from 2): 555-0100 to 555-0199 in every area code
 * (NANPA), and the ranges that Ofcom (UK), ACMA (Australia), ARCEP (France) and the Bundesnetzagentur (Germany) keep for film and fiction.
 */
const FICTITIOUS_PHONES: Readonly<Record<string, PhoneFormats>> = {
  "+1": {
    human: ["!##-555-01##", "(!##) 555-01##", "!##.555.01##", "1-!##-555-01##"],
    national: ["(!##) 555-01##"],
    international: ["+1!##55501##"],
    mobile: ["!##55501##"],
  },
  "+33": {
    human: [
      "01 99 00 ## ##",
      "02 61 91 ## ##",
      "03 53 01 ## ##",
      "04 65 71 ## ##",
      "05 36 49 ## ##",
      "06 39 98 ## ##",
      "+33 6 39 98 ## ##",
    ],
    national: ["01 99 00 ## ##", "02 61 91 ## ##", "03 53 01 ## ##", "04 65 71 ## ##", "05 36 49 ## ##", "06 39 98 ## ##"],
    international: ["+3319900####", "+3326191####", "+3335301####", "+3346571####", "+3353649####", "+3363998####"],
    mobile: ["063998####"],
  },
  "+44": {
    human: [
      "01632 960###",
      "020 7946 0###",
      "0113 496 0###",
      "0121 496 0###",
      "0131 496 0###",
      "0141 496 0###",
      "0151 496 0###",
      "0161 496 0###",
      "029 2018 0###",
      "07700 900###",
    ],
    national: ["01632 960###", "020 7946 0###", "0121 496 0###", "0131 496 0###", "0161 496 0###", "029 2018 0###"],
    international: ["+441632960###", "+442079460###", "+441214960###", "+441314960###", "+441614960###", "+447700900###"],
    mobile: ["07700900###"],
  },
  "+49": {
    human: ["030 23125###", "040 66969###", "069 90009###", "089 99998###", "0221 4710###", "+49 30 23125###", "+49 89 99998###"],
    national: ["030 23125###", "040 66969###", "069 90009###", "089 99998###", "0221 4710###"],
    international: ["+493023125###", "+494066969###", "+496990009###", "+498999998###", "+492214710###"],
  },
  "+61": {
    human: [
      "(02) 5550 ####",
      "(02) 7010 ####",
      "(03) 5550 ####",
      "(03) 7010 ####",
      "(07) 5550 ####",
      "(07) 7010 ####",
      "(08) 5550 ####",
      "(08) 7010 ####",
    ],
    national: ["(02) 5550 ####", "(02) 7010 ####", "(03) 5550 ####", "(03) 7010 ####", "(07) 7010 ####", "(08) 7010 ####"],
    international: ["+6125550####", "+6127010####", "+6135550####", "+6137010####", "+6177010####", "+6187010####"],
    mobile: ["0491570110", "0491570156", "0491570157", "0491570158", "0491570159"],
  },
};

/**
 * A locale whose mail domains deliver to nobody, whose host names end in `.example`, and whose phone numbers, where the country keeps numbers for
 * fiction, are of those. Elsewhere the locale's formats stand, and a number may be somebody's.
 */
export function withReservedNames(definitions: LocaleDefinition): LocaleDefinition {
  const format = definitions.phone_number?.format;
  const country = Object.keys(FICTITIOUS_PHONES).find((code) => format?.international?.[0]?.startsWith(code));
  return {
    ...definitions,
    internet: {
      ...definitions.internet,
      free_email: [...RESERVED_DOMAINS],
      example_email: [...RESERVED_DOMAINS],
      domain_suffix: ["example"],
    },
    ...(format &&
      country && { phone_number: { ...definitions.phone_number, format: { ...format, ...FICTITIOUS_PHONES[country] } } }),
  };
}
