import { randomInt } from "node:crypto";
import type { Guarantees, Rule } from "../../src/contracts.ts";
import { defineTransform, eachValue, type TransformDefinition } from "../../src/transforms/define-transform.ts";

export const HONEST: Guarantees = {
  deterministic: true,
  uniqueness: { kind: "preserved" },
  reversible: false,
  preservesLength: true,
  changesInput: "always",
};

/** Puts another character in the place of each: a bijection of texts that keeps every promise above. */
export const turned = (value: string): string => value.replace(/[\s\S]/g, (unit) => String.fromCharCode(unit.charCodeAt(0) ^ 1));

/** A rule that is honest but for what is given. */
export function brokenRule(given: Partial<TransformDefinition<Record<never, never>>> = {}): Rule {
  return defineTransform({
    name: "broken",
    technique: "pseudonymization",
    accepts: ["text"],
    guarantees: HONEST,
    fixedPoints: { description: "an empty string", isFixed: (value) => value === "" },
    options: {},
    prepare: () => eachValue(turned),
    ...given,
  })();
}

/** One of so many letters that two processes do not draw the same. */
const salt = String.fromCharCode(randomInt(0x4e00, 0x9fff));

/** Rules that another process can load: some of them give something else there. */
export const honest = brokenRule();
export const salted = () => brokenRule({ prepare: () => eachValue((value) => value && turned(value).slice(0, -1) + salt) });
export const ofThisZone = brokenRule({
  guarantees: { ...HONEST, preservesLength: false },
  prepare: () => eachValue((value) => value && `${turned(value)} ${new Date(2024, 0, 1).getTime()}`),
});
export const ofThisLanguage = brokenRule({
  guarantees: { ...HONEST, preservesLength: false },
  prepare: () => eachValue((value) => value && `${turned(value)} ${(1234.5).toLocaleString()}`),
});
export const failing = (): Rule => {
  throw new Error("fails to be made");
};
export default { "by its name": honest };
