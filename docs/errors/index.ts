import type { StandinErrorCode } from "../../src/errors.ts";
import type { Advice } from "./advice.ts";
import { PLACES_AND_LOCKS } from "./before-connect.ts";
import { KEY_AND_POLICY } from "./before-key-policy.ts";
import { PLAN } from "./before-plan.ts";
import { RUN } from "./during.ts";

/** What the guide to troubleshooting says of every code. A code without an entry is an error of types. */
export const ERROR_ADVICE: Readonly<Record<StandinErrorCode, Advice>> = {
  ...KEY_AND_POLICY,
  ...PLAN,
  ...PLACES_AND_LOCKS,
  ...RUN,
};

export const ERROR_SECTIONS: readonly (readonly [title: string, about: string, codes: readonly StandinErrorCode[]])[] = [
  ["Key and policy", "Refused before anything was opened.", codesOf(KEY_AND_POLICY)],
  ["The plan", "Refused before the first row: what the policy means for this schema and this target.", codesOf(PLAN)],
  ["Places, rights and locks", "Refused before the first row.", codesOf(PLACES_AND_LOCKS)],
  ["During the run, and in the copy", "The target is as it was, unless the message says otherwise.", codesOf(RUN)],
];

function codesOf<Code extends StandinErrorCode>(section: Readonly<Record<Code, Advice>>): readonly Code[] {
  return Object.keys(section) as Code[];
}
