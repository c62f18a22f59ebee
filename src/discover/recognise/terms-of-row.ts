import type { DataClass } from "../../policy/class-names.ts";
import type { Draft } from "../propose/suggest-references.ts";
import { type SuggestedRule, suggested } from "../propose/suggested-rule.ts";

/** What a text about somebody calls them by. */
const TERMS: readonly DataClass[] = [
  "firstName",
  "middleName",
  "lastName",
  "maidenName",
  "fullName",
  "userName",
  "email",
  "phone",
  "streetAddress",
  "nationalId",
  "taxId",
  "insuranceNumber",
  "passport",
  "iban",
];

/** The rule for a free text, by which it also says what its row's columns become: `Dear Jane` becomes the masked first name. */
export function withTermsOfRow(rule: SuggestedRule, { table, column }: Draft, drafts: readonly Draft[]): SuggestedRule {
  if (rule.transform !== "maskText") return rule;
  const replace = drafts
    .filter((one) => one.table === table && one.column !== column && one.column.kind === "text")
    .filter(({ proposed: { decision, kind } }) => decision === "mask" && kind !== null && TERMS.includes(kind))
    .map((one) => one.column.name);
  return replace.length === 0 ? rule : suggested(rule.transform, { replace, ...rule.options });
}
