import { describe, expect, it } from "vitest";
import { CLASSES_BY_NAME } from "../../src/discover/classes-by-name.ts";
import { compilePlan } from "../../src/plan/compile-plan.ts";
import type { TablePolicy } from "../../src/policy/define-policy.ts";
import { parsePolicy } from "../../src/policy/parse/parse-policy.ts";
import { PRESETS, type PresetName } from "../../src/policy/presets.ts";
import { generalizeAge } from "../../src/transforms/dates/generalize-age.ts";
import { generalizeDate } from "../../src/transforms/dates/generalize-date.ts";
import { fake } from "../../src/transforms/fake/fake.ts";
import { chain } from "../../src/transforms/pieces/chain.ts";
import { keepIf } from "../../src/transforms/pieces/keep-if.ts";
import { nullIf } from "../../src/transforms/pieces/null-if.ts";
import { when } from "../../src/transforms/pieces/when.ts";
import { keep } from "../../src/transforms/plain/keep.ts";
import { nullify } from "../../src/transforms/plain/nullify.ts";
import { redact } from "../../src/transforms/plain/redact.ts";
import { encryptDigits } from "../../src/transforms/tokens/encrypt-digits.ts";
import { hash } from "../../src/transforms/tokens/hash.ts";
import { column, database, EMPTY_TARGET, integerColumn, table } from "../plan/schemas.ts";

function adviceOf(presets: readonly PresetName[], rules: TablePolicy, classes: typeof CLASSES_BY_NAME | null = CLASSES_BY_NAME) {
  const columns = Object.keys(rules).map((name) => (name === "id" ? integerColumn(name) : column(name)));
  const policy = parsePolicy({ presets, tables: { patients: rules } });
  return compilePlan(policy, database(table("patients", columns)), EMPTY_TARGET, classes).findings;
}

const kept = { id: keep(), email: keep(), religion: keep(), ordered: keep() };

describe("a preset", () => {
  it("advises in warnings about what the policy keeps, names its text, and claims no compliance", () => {
    const findings = adviceOf(["gdpr"], kept);
    expect(findings.map(({ severity, code, column }) => `${severity} ${code} ${column}`)).toEqual([
      "warning PRESET_ADVICE email",
      "warning PRESET_ADVICE religion",
    ]);
    expect(findings[0]).toMatchObject({
      message: "gdpr: patients.email (email) identifies a person and is kept.",
      hint: expect.stringMatching(/fake\("internet\.email"\).*not a judgement of compliance/),
    });
    expect(findings[1]!.message).toContain("special category");
    expect(adviceOf(["gdpr"], { email: fake("internet.email"), religion: redact() })).toEqual([]);
  });

  it("hipaa-safe-harbor wants identifiers removed: neither derived, nor in part", () => {
    const messages = adviceOf(["hipaa-safe-harbor"], {
      email: fake("internet.email"),
      phone: redact({ keepLast: 4 }),
      city: redact(),
      ssn: keep(),
    }).map(({ message }) => message);
    expect(messages).toEqual([
      expect.stringMatching(/patients\.email .*derived from the value/),
      expect.stringMatching(/patients\.phone .*keeps some of its characters/),
      expect.stringMatching(/patients\.ssn .*is kept/),
    ]);
  });

  it("hipaa-safe-harbor leaves of a date of birth the year, and of ages no one above 89", () => {
    const reasonsOf = (rules: TablePolicy) =>
      adviceOf(["hipaa-safe-harbor"], rules).map(({ message, hint }) => `${message} ${hint?.split(",")[0]}`);
    const at = "2026-01-01";
    expect(
      reasonsOf({ birth_date: generalizeDate({ to: "year", topAge: 90, at }), age: generalizeAge(), dob: nullify() }),
    ).toEqual([]);
    expect(reasonsOf({ birth_date: generalizeDate({ to: "month" }), dob: generalizeDate({ to: "year" }), age: keep() })).toEqual([
      expect.stringMatching(/birth_date .* keeps the month of a date, .* Think of generalizeDate/),
      expect.stringMatching(/dob .* tells ages above 89 apart\. /),
      expect.stringMatching(/age .* is kept\. Think of generalizeAge/),
    ]);
    expect(reasonsOf({ age: generalizeAge({ top: 95 }) })).toEqual([expect.stringMatching(/above 89/)]);
  });

  it("looks at every rule that a value may get", () => {
    const id = "value ~ '^[0-9]'";
    const messages = (preset: PresetName, rules: TablePolicy) => adviceOf([preset], rules).map(({ message }) => message);
    expect(messages("gdpr", { email: keepIf({ if: id, else: redact() }), religion: chain([keep(), keep()]) })).toEqual([
      "gdpr: patients.email (email) identifies a person and is kept in some rows.",
      expect.stringMatching(/patients\.religion .* and is kept\.$/),
    ]);
    expect(messages("gdpr", { email: chain([keep(), redact()]) })).toEqual([]);
    const derived = nullIf({ if: id, else: fake("internet.email") });
    expect(messages("hipaa-safe-harbor", { email: derived, ssn: nullIf({ if: id, else: redact() }) })).toEqual([
      expect.stringMatching(/patients\.email .*derived from the value/),
    ]);
    const shown = when({ if: id, then: redact({ keepLast: 8 }), else: redact() });
    expect(messages("pci-dss", { card_number: shown })).toEqual([expect.stringMatching(/four digits/)]);
  });

  it("hipaa-expert takes keyed masks, and says that it needs an expert", () => {
    expect(adviceOf(["hipaa-expert"], { email: fake("internet.email") })).toEqual([]);
    expect(adviceOf(["hipaa-expert"], { email: keep() })[0]!.hint).toContain("expert's opinion");
  });

  it("pci-dss wants no CVV at all, and of a card number at most the BIN and four digits", () => {
    const findings = adviceOf(["pci-dss"], {
      cvv: encryptDigits(),
      card_number: encryptDigits({ keepFirst: 8, keepLast: 5 }),
      email: keep(),
    }).filter(({ code }) => code === "PRESET_ADVICE");
    expect(findings.map(({ column }) => column)).toEqual(["cvv", "card_number"]);
    expect(adviceOf(["pci-dss"], { cvv: nullify(), card_number: redact({ keepFirst: 6, keepLast: 4 }) })).toEqual([]);
  });

  it("pci-dss wants no token of a card number beside a part of it", () => {
    const findings = adviceOf(["pci-dss"], { card_number: redact({ keepFirst: 6, keepLast: 4 }), credit_card: hash() });
    expect(findings.map(({ column, message }) => `${column} ${message}`)).toEqual([
      expect.stringMatching(/^card_number .*derived from the whole.*patients\.credit_card\.$/),
    ]);
    expect(adviceOf(["pci-dss"], { card_number: redact(), credit_card: hash() })).toEqual([]);
  });

  it("claims no compliance in any of its words", () => {
    for (const { text } of Object.values(PRESETS)) expect(text).not.toMatch(/compliant|compliance/i);
  });

  it("is an error where nobody knows what columns hold, never passed over", () => {
    expect(adviceOf(["gdpr"], kept, null)).toMatchObject([{ severity: "error", code: "CLASSES_UNAVAILABLE" }]);
  });
});
