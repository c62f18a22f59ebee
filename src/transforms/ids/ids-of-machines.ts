import { chars, type IdField, kept } from "./id-field.ts";
import type { IdForm, IdSchemes } from "./id-scheme.ts";

const HEX = "0123456789ABCDEF";
const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** So many characters of an alphabet, in fields of ten: a number of more is no longer exact. */
function many(alphabet: string, width: number): readonly IdField[] {
  return Array.from({ length: Math.ceil(width / 10) }, (_, index) => chars(alphabet, Math.min(10, width - index * 10)));
}

/** What the first hexadecimal digit of the clock says of the layout (RFC 9562 §4.1). */
const VARIANTS = ["89AB", "01234567", "CD", "EF"];

const uuid = (variant: string): IdForm => ({
  fields: [...many(HEX, 12), kept(1), ...many(HEX, 3), chars(variant), ...many(HEX, 15)],
});

/** The second hexadecimal digit by its two lowest bits: one device or a group, given by the maker or by hand (IEEE 802). */
const MAC_KINDS = ["048C", "26AE", "159D", "37BF"];

const isHex = (text: string) => /^[0-9A-F]+$/.test(text);

/** Numbers that machines give. */
export const IDS_OF_MACHINES = {
  uuid: {
    describe: "a UUID (RFC 9562), version and variant stay",
    isSmall: true,
    keyOf: (compact) => (compact.length === 32 && isHex(compact) ? "32" : null),
    forms: () => VARIANTS.map(uuid),
  },
  ulid: {
    describe: "a ULID",
    keeps: "the time",
    keyOf: (compact) => (compact.length === 26 ? "26" : null),
    forms: (_, keep) => [
      { fields: [...(keep ? [kept(10)] : [chars("01234567"), ...many(CROCKFORD, 9)]), ...many(CROCKFORD, 16)] },
    ],
  },
  objectid: {
    describe: "an ObjectId of MongoDB",
    keeps: "the time",
    isSmall: true,
    keyOf: (compact) => (compact.length === 24 && isHex(compact) ? "24" : null),
    forms: (_, keep) => [{ fields: [...(keep ? [kept(8)] : many(HEX, 8)), ...many(HEX, 16)] }],
  },
  mac: {
    describe: "a MAC address (EUI-48, EUI-64)",
    keeps: "the vendor",
    isSmall: true,
    keyOf: (compact) => ((compact.length === 12 || compact.length === 16) && isHex(compact) ? String(compact.length) : null),
    forms(key, keep) {
      const rest = many(HEX, Number(key) - 6);
      if (keep) return [{ fields: [kept(6), ...rest] }];
      return MAC_KINDS.map((kind) => ({ fields: [chars(HEX), chars(kind), ...many(HEX, 4), ...rest] }));
    },
  },
} satisfies IdSchemes;
