import type { Column } from "../../contracts.ts";
import { scale32 } from "../../keys/prng.ts";
import { dateOf, dayNumber } from "../dates/calendar.ts";
import { TAIL_LENGTH } from "../fake/fake-tail.ts";
import { cutText, isLonger } from "../fake/fake-text.ts";
import { genderWriter } from "./persona-gender.ts";
import { cityOf, localPartOf, mailDomainOf, type People, STREAMS } from "./persona-people.ts";
import { writePhone } from "./persona-phone.ts";
import { type Country, writeCountry } from "./persona-places.ts";

/** What of a persona a column may hold. */
export const PERSONA_FIELDS = [
  "firstName",
  "lastName",
  "fullName",
  "gender",
  "email",
  "userName",
  "phone",
  "street",
  "city",
  "postcode",
  "state",
  "country",
  "latitude",
  "longitude",
  "birthDate",
] as const;
export type PersonaField = (typeof PERSONA_FIELDS)[number];

/** Fields that need a place, which not every locale has. */
export const PLACED: readonly PersonaField[] = ["phone", "city", "postcode", "state", "country", "latitude", "longitude"];

/** Writes a field of the subject whose bits are at `words[at]`, in the form of the original. `tail` makes it unique, empty where it need not be. */
export type WriteField = (people: People, words: Uint32Array, at: number, original: string, tail: string) => string | undefined;

interface FieldSettings {
  readonly field: PersonaField;
  readonly format: string | undefined;
  readonly coding: readonly string[] | undefined;
}

const DOMAIN_LENGTH = "@example.com".length;

/** How a field is written in a column. What is too long is cut where it may be: a name, a street, the names in an address; never a number. */
export function fieldWriter({ field, format, coding }: FieldSettings, column: Column): WriteField {
  const room = column.maxLength ?? Number.POSITIVE_INFINITY;
  const cut = (text: string) => (isLonger(text, room) ? cutText(text, room) : text);
  const whole = (text: string | undefined) => (text === undefined || isLonger(text, room) ? undefined : text);
  switch (field) {
    case "firstName":
      return (people, words, at) => cut(people.firstName(words, at));
    case "lastName":
      return (people, words, at) => cut(people.lastName(words, at));
    case "fullName":
      return (people, words, at) =>
        cut(filled(format ?? nameFormat(people.locale), people.firstName(words, at), people.lastName(words, at)));
    case "gender": {
      const write = genderWriter(coding, column);
      return (people, words, at, original) => whole(write(people.gender(words, at), original));
    }
    case "userName":
      return (people, words, at, _, tail) => mailName(people, words, at, room, tail, format);
    case "email":
      return (people, words, at, _, tail) =>
        `${mailName(people, words, at, room - DOMAIN_LENGTH, tail, format)}@${mailDomainOf(people, words, at)}`;
    case "street":
      return (people, words, at) => {
        const text = people.streetAddress(people.stream(words, at, STREAMS.street));
        return isLonger(text, room) ? cut(people.street(people.stream(words, at, STREAMS.street))) : text;
      };
    case "birthDate":
      return (people, words, at) => birthDate(people, words, at);
    default:
      return (people, words, at, original) =>
        people.country === null ? undefined : whole(placed(field, people, people.country, words, at, original, column));
  }
}

function placed(
  field: PersonaField,
  people: People,
  country: Country,
  words: Uint32Array,
  at: number,
  original: string,
  column: Column,
): string | undefined {
  const city = cityOf(people, country, words, at);
  const room = column.maxLength ?? Number.POSITIVE_INFINITY;
  switch (field) {
    case "phone":
      return writePhone(country, country.number(people.stream(words, at, STREAMS.phone)), original);
    case "city":
      return city.name;
    case "state":
      return city.stateCode !== null && (/^\p{Lu}{2,3}$/u.test(original) || isLonger(city.state, room))
        ? city.stateCode
        : city.state;
    case "postcode":
      return city.postcode(people.stream(words, at, STREAMS.postcode));
    case "latitude":
      return degrees(city.latitude + spot(people, words, at, 0), column);
    case "longitude":
      return degrees(city.longitude + spot(people, words, at, 1), column);
    default:
      return writeCountry(country, original);
  }
}

/** Half the width of the square around a city's centre in which personas live, in degrees: within 6 km. */
const SPREAD = 0.05;

function spot({ stream }: People, words: Uint32Array, at: number, axis: 0 | 1): number {
  const random = stream(words, at, STREAMS.spot);
  if (axis === 1) random.nextUint32();
  return (random.next() * 2 - 1) * SPREAD;
}

/** Digits behind the point: a metre. */
const PRECISION = 5;

function degrees(value: number, { type }: Column): string {
  const scale = /\(\d+,\s*(\d+)\)/.exec(type)?.[1];
  return value.toFixed(scale === undefined ? PRECISION : Math.min(PRECISION, Number(scale)));
}

/** Grown-ups: born from 1935 to 2006. */
const FIRST_BIRTH = dayNumber(1935, 1, 1);
const LAST_BIRTH = dayNumber(2006, 12, 31);

function birthDate({ stream }: People, words: Uint32Array, at: number): string {
  const days = LAST_BIRTH - FIRST_BIRTH + 1;
  const { year, month, day } = dateOf(FIRST_BIRTH + scale32(stream(words, at, STREAMS.birth).nextUint32(), days));
  return `${year}-${String(month).padStart(2, "0")}-${String(day).padStart(2, "0")}`;
}

/** A login, or what stands in front of an @. */
function mailName(
  people: People,
  words: Uint32Array,
  at: number,
  room: number,
  tail: string,
  format: string | undefined,
): string {
  const left = tail === "" ? room : room - TAIL_LENGTH - 1;
  if (left < 1) return tail;
  const name =
    format === undefined
      ? localPartOf(people, words, at, left)
      : filled(format, people.asciiFirst(words, at), people.asciiLast(words, at)).slice(0, left);
  return tail === "" ? name : `${name}.${tail}`;
}

/** Names of `{first}`, `{last}` and `{initial}` put in. */
function filled(format: string, first: string, last: string): string {
  if (format === "{first} {last}") return `${first} ${last}`;
  return format
    .replaceAll("{first}", () => first)
    .replaceAll("{last}", () => last)
    .replaceAll("{initial}", () => [...first][0] ?? "");
}

/** The family name comes first, with a space or none between. */
const LAST_FIRST: Readonly<Record<string, string>> = {
  hu: "{last} {first}",
  ja: "{last} {first}",
  ko: "{last}{first}",
  vi: "{last} {first}",
  zh_CN: "{last}{first}",
  zh_TW: "{last}{first}",
};

function nameFormat(locale: string): string {
  return LAST_FIRST[locale] ?? "{first} {last}";
}
