import type { DataClass } from "../../policy/class-names.ts";
import { wordsOf } from "../words/column-words.ts";
import { isMadeOfKnownWords } from "../words/known-names.ts";
import type { NameLists } from "../words/name-lists.ts";
import { isCardNumber } from "./recognise-card.ts";
import { recogniseColumnName } from "./recognise-column-name.ts";
import { isEmail } from "./recognise-email.ts";
import { isIban } from "./recognise-iban.ts";
import { isIpAddress, isVersionName } from "./recognise-network-address.ts";
import { hasFormOfPhone } from "./recognise-phone.ts";
import { isIssuedSecret, isPasswordHash } from "./recognise-secret.ts";

/** What the leaf's name says where its value does not say otherwise, else what the value says. */
export function classOfLeaf(name: string, value: string): DataClass | null {
  const told = classOfValue(value);
  if (told !== null && !(told === "ipAddress" && isVersionName(name))) return told;
  const named = recogniseColumnName(name, "", []);
  if (named === null || named.strength < 0.7) return null;
  return CHECKED[named.kind]?.(value) === false ? null : named.kind;
}

/** What nothing but its own form says of a value. */
export function classOfValue(value: string): DataClass | null {
  if (isEmail(value)) return "email";
  if (isIban(value)) return "iban";
  if (isCardNumber(value)) return "cardNumber";
  if (isIssuedSecret(value)) return "secret";
  if (isPasswordHash(value)) return "passwordHash";
  if (isIpAddress(value)) return "ipAddress";
  if (/^\+\d/.test(value) && hasFormOfPhone(value)) return "phone";
  return null;
}

const CHECKED: Readonly<Partial<Record<DataClass, (value: string) => boolean>>> = {
  email: isEmail,
  iban: isIban,
  ipAddress: isIpAddress,
  phone: hasFormOfPhone,
  cardNumber: (value) => /\d{4}/.test(value),
};

/** A key may be shown where each of its words is one of the lists of column names; any other may be a person's name or number: `jane_email`. */
export function isNameOfKind(key: string): boolean {
  return key.length <= 40 && /^[A-Za-z][A-Za-z_]*\d?$/.test(key) && isMadeOfKnownWords(key);
}

/** So many objects, and this part of them, share a key of the documents' own. */
const ENOUGH_OBJECTS = 5;
const ENOUGH_SHARE = 0.5;

/**
 * Whether a key is a part of the documents' form, and may stand in a policy: known words, or what most objects of its place have and no person is called.
 * Any other may be data itself: a mail address, a number, a login.
 */
export function isPartOfForm(key: string, count: number, objects: number, { first, last }: NameLists): boolean {
  if (isNameOfKind(key)) return true;
  const isShared = objects >= ENOUGH_OBJECTS && count >= ENOUGH_SHARE * objects;
  return (
    isShared &&
    key.length <= 40 &&
    /^[A-Za-z_][A-Za-z_]*\d?$/.test(key) &&
    !wordsOf(key).some((word) => first.has(word) || last.has(word))
  );
}
