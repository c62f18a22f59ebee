import type { Rule } from "../../contracts.ts";
import { refuseWindows, ruleMap } from "../../inner-rules.ts";
import { choice, integer, json, type OptionSpec, type OptionsValue } from "../../option-spec.ts";
import { countryOption } from "../country-option.ts";
import type { Recognise } from "./ask-recogniser.ts";
import { DEFAULT_RULES, TEXT_KINDS, type TextKind } from "./text-patterns.ts";

type RuleMap = { readonly [name: string]: Rule } | undefined;

/** Rules by name that may be left out. */
const optionalRules = (spec: Parameters<typeof ruleMap>[0]): OptionSpec<RuleMap, true> =>
  ({ ...ruleMap({ problem: refuseWindows, ...spec }), isOptional: true }) as OptionSpec<RuleMap, true>;

const names = <Name extends string = string>(describe: string, known: readonly Name[] | null = null) =>
  json<readonly Name[] | undefined>({
    kind: "list",
    describe,
    optional: true,
    problem: (value) => {
      if (!Array.isArray(value) || !value.every((name) => typeof name === "string" && name !== ""))
        return "must be a list of texts";
      const wrong = known && value.find((name) => !known.includes(name as Name));
      return wrong ? `has "${wrong}", which is none of ${known.join(", ")}` : null;
    },
  });

export const MASK_TEXT_OPTIONS = {
  replace: names("Columns of the same row whose values are replaced in the text by what the target gets in them."),
  replaceBy: optionalRules({
    describe: "Columns of the same row whose values are replaced in the text by what a rule makes of them.",
  }),
  find: names("The kinds that are found by their form; all of them where left out.", TEXT_KINDS),
  patterns: optionalRules({
    describe: "The rule for a kind, in the place of the usual one.",
    nameProblem: (name) => (TEXT_KINDS.includes(name as TextKind) ? null : `is none of ${TEXT_KINDS.join(", ")}`),
  }),
  words: names("Words and phrases that are found wherever they stand."),
  country: countryOption("Where phone numbers without a calling code are from: DE, US."),
  recognise: {
    kind: "function",
    describe: "A function that finds more in a batch of texts: a model, or Presidio behind a service.",
    isOptional: true,
    default: undefined,
    problem: (value: unknown) => (typeof value === "function" ? null : "must be a function"),
  } as OptionSpec<Recognise | undefined, true>,
  timeoutMs: integer({
    describe: "How long `recognise` may take for a batch, in milliseconds.",
    default: 60_000,
    min: 1,
    max: 3_600_000,
  }),
  labels: optionalRules({ describe: "The rule for what `recognise` found, by its label; what has none is redacted." }),
  rest: choice({
    describe: "What becomes of all else: `redact` makes letters x and digits 0, `keep` leaves it.",
    choices: ["redact", "keep"],
    default: "redact",
  }),
} as const;

export type MaskTextOptions = OptionsValue<typeof MASK_TEXT_OPTIONS>;

/** Rules of the kinds that are looked for, by kind. */
export function kindRules({ find, patterns, words, country }: MaskTextOptions): ReadonlyMap<TextKind, Rule> {
  const asked = find === undefined ? TEXT_KINDS : TEXT_KINDS.filter((kind) => find.includes(kind) || (kind === "word" && words));
  return new Map(asked.map((kind) => [kind, patterns?.[kind] ?? DEFAULT_RULES[kind](country)]));
}

export const rulesOf = (options: MaskTextOptions): readonly Rule[] => [
  ...Object.values(options.replaceBy ?? {}),
  ...kindRules(options).values(),
  ...Object.values(options.labels ?? {}),
];
