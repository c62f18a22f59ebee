import type { NameLists } from "../words/name-lists.ts";
import { STREET_WORDS } from "../words/street-words.ts";
import { type Recogniser, shareOf, TEXT_OR_NUMBER } from "./recogniser.ts";

/** Words of letters; a place has no sentence in it. */
const hasFormOfPlace = (value: string) => value.length <= 60 && /^\p{L}[\p{L}\p{M}\s'’.()/-]*$/u.test(value);

export function cityRecogniser({ cities }: NameLists): Recogniser {
  return {
    kind: "city",
    measure: (values) => {
      const hits = shareOf(values, (value) => cities.has(value.toLowerCase()));
      const form = shareOf(values, hasFormOfPlace);
      if (hits >= 0.35 && values.length >= 5)
        return { kind: "city", share: form, alone: 0.5, support: 0.85, isNeeded: true, says: "are cities" };
      return {
        kind: "city",
        share: form,
        alone: 0,
        support: hits > 0.05 ? 0.6 : 0.25,
        isNeeded: true,
        says: "are words of letters",
      };
    },
  };
}

/** Words of an order's or a ticket's state, which no province is called. */
const STATUS = new Set(
  "open opened closed new done draft paid unpaid pending active inactive enabled disabled cancelled canceled failed success error shipped delivered running stopped waiting queued completed complete processing approved rejected sent received valid invalid used broken good poor offen bezahlt storniert aktiv inaktiv ouvert ferme abierto cerrado pendiente enviado entregado pagado cancelado ativo inativo pendente pago attivo sospeso aperto chiuso spedito nowy zamknięty oplacony aktif pasif".split(
    " ",
  ),
);

/** Postal codes of the states and provinces of the United States, Canada, Australia and Brazil. */
const STATE_CODES = new Set(
  "AL AK AZ AR CA CO CT DE FL GA HI ID IL IN IA KS KY LA ME MD MA MI MN MS MO MT NE NV NH NJ NM NY NC ND OH OK OR PA RI SC SD TN TX UT VT VA WA WV WI WY DC PR AB BC MB NB NL NS NT NU ON PE QC SK YT ACT NSW QLD TAS VIC AC AP AM BA CE ES GO PB PR RJ RN RS RO RR SP SE TO".split(
    " ",
  ),
);

export const recogniseRegion: Recogniser = {
  kind: "region",
  measure: (values) => {
    const isStatus = shareOf(values, (value) => STATUS.has(value.toLowerCase())) > 0.3;
    const share = isStatus ? 0 : shareOf(values, (value) => value.length <= 60 && /^[\p{L}\p{M}\s'’.()/-]+$/u.test(value));
    const isShort = shareOf(values, (value) => value.length <= 3) > 0.8;
    const isCoded = isShort && values.length >= 3 && shareOf(values, (value) => STATE_CODES.has(value.toUpperCase())) > 0.8;
    if (isCoded) return { kind: "region", share, alone: 0, support: 0.6, isNeeded: true, says: "are codes of states" };
    // Short codes may be of anything.
    return {
      kind: "region",
      share,
      alone: 0,
      support: isStatus ? 0 : isShort ? 0.1 : 0.25,
      isNeeded: true,
      says: "are words or short codes",
    };
  },
};

/** A number beside a street's word, in either order: `12 Main St`, `Hauptstr. 5`, `rue de la Paix 3`. */
export function isStreetAddress(value: string): boolean {
  if (value.length > 300 || !/\d/.test(value) || !/\p{L}{3}/u.test(value)) return false;
  const words = value.toLowerCase().split(/[\s,.;#/]+/);
  return words.length <= 25 && words.some((word) => STREET_WORDS.has(word) || STREET_ENDING.test(word));
}

const STREET_ENDING =
  /\p{L}(?:stra(?:ß|ss)e|str|weg|gasse|platz|allee|ufer|damm|straat|laan|plein|gracht|kade|dijk|gatan|vägen|vagen|gränd|vej|gade|gata|katu|ntie)$/u;

export const recogniseStreetAddress: Recogniser = {
  kind: "streetAddress",
  measure: (values) => {
    const share = shareOf(values, isStreetAddress);
    const form = shareOf(values, (value) => value.length <= 300 && /[\p{L}\d]/u.test(value) && !/^0x[\da-f]+$/i.test(value));
    // Streets of languages that name them without a word for it.
    const plain = values.filter(
      (value) => value.length <= 60 && /^\p{Lu}(?=.*\p{Ll}{2})[\p{L} .'’-]+ \d{1,4}[a-zA-Z]?(?:\/\d+)?$/u.test(value),
    );
    const isVaried = plain.length >= 10 && new Set(plain.map((value) => value.replace(/ \d.*$/, ""))).size > plain.length * 0.6;
    if (share < 0.3 && isVaried && plain.length > values.length * 0.7)
      return {
        kind: "streetAddress",
        share: plain.length / values.length,
        alone: 0.5,
        support: 0.8,
        isNeeded: false,
        says: "are names with house numbers",
      };
    if (share >= 0.3)
      return {
        kind: "streetAddress",
        share: Math.min(1, share * 1.5),
        alone: 0.9,
        support: 0.9,
        isNeeded: false,
        says: "are streets with numbers",
      };
    return { kind: "streetAddress", share: form, alone: 0, support: 0.25, isNeeded: true, says: "are text as addresses have" };
  },
};

/** Forms that no other numbers have: United Kingdom, Canada, Netherlands, Poland, Portugal, Brazil, Japan. */
const TELLING =
  /^(?:[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[ABCEGHJ-NPRSTVXY]\d[A-Z] ?\d[A-Z]\d|[1-9]\d{3} ?[A-Z]{2}|\d{2}-\d{3}|\d{4}-\d{3}|\d{5}-\d{3}|\d{5}-\d{4})$/;

export function hasFormOfPostcode(value: string): boolean {
  return (
    (value.length <= 12 && /^(?:[A-Z]{1,3}[- ]?)?\d{3,6}(?:[- ]?\d{2,4})?$/i.test(value)) ||
    TELLING.test(value) ||
    /^[A-Z]\d{2} ?[A-Z\d]{4}$/.test(value)
  );
}

export const recognisePostcode: Recogniser = {
  kind: "postcode",
  accepts: TEXT_OR_NUMBER,
  measure: (values) => {
    const telling = shareOf(values, (value) => value.length <= 10 && TELLING.test(value));
    const share = shareOf(values, hasFormOfPostcode);
    return {
      kind: "postcode",
      share,
      alone: telling >= 0.8 ? 0.65 : 0,
      support: 0.7,
      isNeeded: true,
      // Ledgers and fares have codes of the same form; a name that tells of them counts.
      isOfWords: true,
      says: "have the form of postcodes",
    };
  },
};

/** A point of longitude and latitude as PostGIS writes its bytes: byte order, type with a reference system, its number 4326. */
const WGS84 = /^(?:01010000 ?20E6100000|0020000001000010E6)/i;

/** A latitude or longitude with some decimals, a pair of them, or a point. */
export function isCoordinate(value: string): boolean {
  if (value.length > 100) return false;
  if (/^(?:SRID=\d+;)?POINT ?\(/i.test(value) || WGS84.test(value)) return true;
  const numbers = value.replace(/^\((.*)\)$/, "$1").split(/\s*[,;]\s*|\s+/);
  return numbers.length <= 2 && numbers.every((text) => /^-?\d{1,3}\.\d{1,18}$/.test(text) && Math.abs(Number(text)) <= 180);
}

export const recogniseCoordinates: Recogniser = {
  kind: "coordinates",
  accepts: ["text", "decimal", "float", "other"],
  measure: (values) => {
    const isPair = shareOf(values, (value) => /[,; ]/.test(value) && isCoordinate(value) && /\.\d{3}/.test(value)) >= 0.8;
    return {
      kind: "coordinates",
      share: shareOf(values, isCoordinate),
      alone: isPair ? 0.75 : 0,
      support: 0.7,
      isNeeded: true,
      says: "are degrees with decimals",
    };
  },
};
