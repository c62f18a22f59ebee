import type { Column, ColumnKind } from "../../contracts.ts";
import { canStandIn } from "../cell-form.ts";
import { TAIL_LENGTH } from "../fake/fake-tail.ts";
import { type PersonaField, PLACED } from "./persona-fields.ts";
import { hasTail, type PersonaOptions } from "./persona-options.ts";
import { COUNTRIES, countryOfLocale } from "./persona-places.ts";

const KINDS: Partial<Record<PersonaField, readonly ColumnKind[]>> = {
  gender: ["text", "integer", "enum", "other"],
  latitude: ["text", "decimal", "float"],
  longitude: ["text", "decimal", "float"],
  birthDate: ["text", "date"],
};

/** Fewest characters that a field is written in; a gender, and a country's or state's code, have as many as the original. */
const SHORTEST: Partial<Record<PersonaField, number>> = {
  firstName: 2,
  lastName: 2,
  fullName: 2,
  userName: 3,
  email: 15,
  street: 4,
  latitude: 9,
  longitude: 10,
  birthDate: 10,
};

/** What is wrong with a field of a persona in a column. */
export function checkPersonaColumn(options: PersonaOptions, column: Column): readonly string[] {
  const { field, locale, localeFrom, scriptOf, format, coding, unique } = options;
  const { kind, type, maxLength } = column;
  const problems: string[] = [];
  if (!(KINDS[field] ?? ["text", "other"]).includes(kind))
    problems.push(`the ${field} of a persona does not fit a column of type ${type}`);
  const [, precision, scale = "0"] = /\((\d+)(?:,\s*(\d+))?\)/.exec(kind === "decimal" ? type : "") ?? [];
  if (precision !== undefined && Number(precision) - Number(scale) < (field === "latitude" ? 2 : 3))
    problems.push(`a column of type ${type} does not hold every ${field}`);
  if (PLACED.includes(field) && localeFrom === undefined && scriptOf === undefined && countryOfLocale(locale) === undefined)
    problems.push(`the locale ${locale} has no places: its personas have no ${field}`);
  if (unique && !hasTail(options))
    problems.push(`a ${field} has no form that could be made unique: only email and userName have`);
  if (format !== undefined && !["fullName", "email", "userName"].includes(field)) problems.push(`a ${field} has no format`);
  if (format !== undefined && !/\{(first|last)\}/.test(format)) problems.push("a format has {first} or {last} in it");
  if (format !== undefined && /[{}]/.test(format.replace(/\{(first|last|initial)\}/g, "")))
    problems.push("the format has braces that hold none of first, last and initial");
  if (format !== undefined && field === "email" && /[^\w.+{}-]/.test(format))
    problems.push("the format has what no mail address has");
  if (coding !== undefined && !coding.every((word) => canStandIn(word, column)))
    problems.push(`a column of type ${type} does not hold the words that coding says`);
  const shortest = hasTail(options) ? TAIL_LENGTH + (field === "email" ? "@example.com".length : 0) : shortestOf(options);
  if (kind === "text" && maxLength !== null && maxLength < shortest)
    problems.push(`the ${field} of a persona has up to ${shortest} characters, and the column holds ${maxLength}`);
  return problems;
}

/** A postcode, city or number of one country may be shorter than of another. */
function shortestOf({ field, locale, localeFrom, scriptOf }: PersonaOptions): number {
  const own = localeFrom === undefined && scriptOf === undefined ? countryOfLocale(locale) : undefined;
  const countries = own === undefined ? COUNTRIES : [own];
  const cities = countries.flatMap(({ cities }) => cities);
  switch (field) {
    case "phone":
      return Math.max(
        ...countries.map(({ callingCode, trunk, numberLength }) => (own ? trunk : callingCode).length + numberLength),
      );
    case "postcode":
      return Math.max(...cities.map(({ postcodeLength }) => postcodeLength));
    case "city":
      return Math.max(...cities.map(({ name }) => name.length));
    case "state":
      // With rows of many countries nobody knows which will come.
      return own === undefined ? 1 : Math.max(...cities.map(({ state, stateCode }) => (stateCode ?? state).length));
    default:
      return SHORTEST[field] ?? 1;
  }
}
