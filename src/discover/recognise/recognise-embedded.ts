import type { DataClass } from "../../policy/class-names.ts";
import type { NameLists } from "../words/name-lists.ts";
import { isCardNumber } from "./recognise-card.ts";
import { recogniseColumnName } from "./recognise-column-name.ts";
import { isIban } from "./recognise-iban.ts";
import { isIpAddress } from "./recognise-network-address.ts";
import { isIssuedSecret } from "./recognise-secret.ts";

/** Finds what a longer text holds of persons. Each kind is found by one pass with bounded repeats, then checked as a value of its own. */
export function embeddedClasses(text: string, lists: NameLists | null): ReadonlySet<DataClass> {
  const found = new Set<DataClass>();
  if (/[^\s@<>(),;:"]{1,64}@[\p{L}\d-]{1,63}\.[\p{L}]{2,24}/u.test(text)) found.add("email");
  for (const [candidate] of text.matchAll(/\b[A-Z]{2}\d{2}(?: ?[A-Z\d]{2,4}){3,8}\b/g)) if (isIban(candidate)) found.add("iban");
  for (const [candidate] of text.matchAll(/\b\d(?:[ -]?\d){11,18}\b/g)) if (isCardNumber(candidate)) found.add("cardNumber");
  if (
    /(?:^|[\s(:])(?:\+\d{1,3}[ .\-/]?(?:\(\d{1,4}\)[ .\-/]?)?\d{1,4}(?:[ .\-/]?\d{2,4}){1,4}|\(\d{2,4}\)[ ]?\d{2,4}[ .-]\d{2,4}(?:[ .-]\d{2,4})?|\d{3}[-.]\d{3}[-.]\d{4}|0\d{1,4}[ /-]\d{3,4}[ -]?\d{2,5})\b/.test(
      text,
    )
  )
    found.add("phone");
  if (/\b\d{3}-\d{2}-\d{4}\b|\b\d{3}\.\d{3}\.\d{3}-\d{2}\b/.test(text)) found.add("nationalId");
  for (const kind of announced(text)) found.add(kind);
  for (const [candidate] of text.matchAll(/\b\d{1,3}(?:\.\d{1,3}){3}\b/g)) if (isIpAddress(candidate)) found.add("ipAddress");
  for (const [candidate] of text.matchAll(/\b(?:eyJ[\w.-]{20,2000}|(?:AKIA|ghp_|sk_live_|xox[bp]-|AIza|glpat-)[\w-]{10,100})/g))
    if (isIssuedSecret(candidate)) found.add("secret");
  if (
    /\b(?:Mr|Mrs|Ms|Dr|Prof|Herr|Frau|Mme|Mlle|Sra?|Sig|Dhr|Mevr|Pani?)\.? \p{Lu}\p{Ll}{1,30}/u.test(text) ||
    hasName(text, lists)
  )
    found.add("fullName");
  return found;
}

/** Classes whose values a text announces: `passport no. C01X00T47`, `DNI 12345678Z`, `token 9f8c…`. */
const ANNOUNCED: ReadonlySet<DataClass> = new Set<DataClass>([
  "nationalId",
  "taxId",
  "passport",
  "drivingLicence",
  "insuranceNumber",
  "bankAccount",
  "password",
  "secret",
  "sessionId",
]);
/** A text has many words, and few numbers: most of what is looked up is a number's. */
const MAX_ANNOUNCED = 20;

/** Numbers and random texts, by the words that stand before them, as columns are by theirs. */
function announced(text: string): readonly DataClass[] {
  const found: DataClass[] = [];
  let looked = 0;
  for (const { 0: candidate, index } of text.matchAll(/(?<![\p{L}\d])[\p{L}\d](?:[.\-/]?[\p{L}\d]){5,80}(?![\p{L}\d])/gu)) {
    const digits = candidate.match(/\d/g)?.length ?? 0;
    if (digits < 5 && !(digits >= 2 && /\p{L}/u.test(candidate))) continue;
    if (++looked > MAX_ANNOUNCED) break;
    const before = text
      .slice(Math.max(0, index - 60), index)
      .split(/[.!?;]\s|\n/)
      .at(-1)!;
    const words = before.match(/\p{L}{2,30}/gu)?.slice(-4) ?? [];
    const named = words.map((word) => recogniseColumnName(word, "", []));
    const kind = named.findLast((one) => one !== null && ANNOUNCED.has(one.kind) && one.strength >= 0.3)?.kind;
    if (kind !== undefined) found.push(kind);
  }
  return found;
}

/** A first name with another capitalised word behind it, in a sentence or a list: a street may have both. */
function hasName(text: string, lists: NameLists | null): boolean {
  if (lists === null || !(text.includes(", ") || /(?:\S+\s+){5}\S/.test(text.slice(0, 400)))) return false;
  for (const [, first] of text.matchAll(/(?<![\p{L}'-])(\p{Lu}\p{Ll}{1,20}) (?=\p{Lu}\p{Ll}{1,30}(?![\p{L}]))/gu))
    if (lists.first.has(first!.toLowerCase()) && first!.length > 2) return true;
  return false;
}
