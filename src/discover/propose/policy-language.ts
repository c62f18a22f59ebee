import { plainOrQuoted, propertyName, quotedText } from "../../policy/parse/written-name.ts";
import { dataOfOptions, isSuggested, type SuggestedRule } from "./suggested-rule.ts";

/** How a policy is written in one of its languages. */
export interface PolicyLanguage {
  readonly name: "typescript" | "yaml" | "json";
  /** What a comment begins with, null where there are none. */
  readonly comment: string | null;
  /** A name of a table or column before its colon. */
  property(name: string): string;
  rule(rule: SuggestedRule): string;
  /** A column's rule with its comment behind it; rules by path have a line each. */
  lines(name: string, rule: SuggestedRule, comment: string): readonly string[];
  /** Around a table's columns. */
  readonly open: string;
  readonly close: string | null;
  /** Behind each entry. */
  readonly separator: string;
}

export const TYPESCRIPT: PolicyLanguage = {
  name: "typescript",
  comment: "//",
  property: propertyName,
  rule: ({ transform, options }) => `${transform}(${codeArguments(transform, options)})`,
  lines: (name, rule, comment) => {
    const start = `${propertyName(name)}: `;
    const byName = rulesByName(rule);
    if (byName === null) return [`${start}${TYPESCRIPT.rule(rule)}, // ${comment}`];
    const options = given(rule.options).flatMap(([option, value]) =>
      value === byName.rules
        ? [
            `  ${propertyName(option)}: {`,
            ...Object.entries(byName.rules).map(([path, one]) => `    ${propertyName(path)}: ${code(one)},`),
            "  },",
          ]
        : [`  ${propertyName(option)}: ${code(value)},`],
    );
    return [`${start}${rule.transform}({ // ${comment}`, ...options, "}),"];
  },
  open: " {",
  close: "},",
  separator: ",",
};

export const YAML: PolicyLanguage = {
  name: "yaml",
  comment: "#",
  property: plainOrQuoted,
  rule: ({ transform, options }) => {
    const entries = given(options);
    if (entries.length === 0) return transform;
    const [[name, value]] = entries as [[string, unknown]];
    const isShort = entries.length === 1 && SHORTHANDS[transform] === name;
    return `{ ${transform}: ${isShort ? yamlValue(value) : yamlValue(Object.fromEntries(entries))} }`;
  },
  lines: (name, rule, comment) => {
    const start = `${plainOrQuoted(name)}:`;
    const byName = rulesByName(rule);
    if (byName === null) return [`${start} ${YAML.rule(rule)} # ${comment}`];
    const options = given(rule.options).flatMap(([option, value]) =>
      value === byName.rules
        ? [
            `    ${plainOrQuoted(option)}:`,
            ...Object.entries(byName.rules).map(([path, one]) => `      ${plainOrQuoted(path)}: ${yamlValue(one)}`),
          ]
        : [`    ${plainOrQuoted(option)}: ${yamlValue(value)}`],
    );
    return [`${start} # ${comment}`, `  ${rule.transform}:`, ...options];
  },
  open: "",
  close: null,
  separator: "",
};

/** For pieces to paste alone: a policy in JSON is never written here, as it can say no reasons. */
export const JSON_DATA: PolicyLanguage = {
  name: "json",
  comment: null,
  property: quotedText,
  rule: ({ transform, options }) =>
    JSON.stringify(given(options).length === 0 ? transform : { [transform]: dataOfOptions(options) }),
  lines: (name, rule) => [`${quotedText(name)}: ${JSON_DATA.rule(rule)},`],
  open: " {",
  close: "},",
  separator: ",",
};

/** The language of a policy's file, by its name; null for one that is none. */
export function languageOf(file: string): PolicyLanguage | null {
  const ending = /\.(\w+)$/.exec(file)?.[1]?.toLowerCase() ?? "";
  if (["ts", "mts", "cts", "js", "mjs", "cjs"].includes(ending)) return TYPESCRIPT;
  if (ending === "json") return JSON_DATA;
  return ending === "yaml" || ending === "yml" ? YAML : null;
}

/** The rules by path, key or field that a rule is made of; null where it has none. */
function rulesByName({ options }: SuggestedRule): { readonly rules: object } | null {
  const rules = Object.values(options).find(
    (value) => typeof value === "object" && value !== null && !isSuggested(value) && Object.values(value).some(isSuggested),
  );
  return rules === undefined ? null : { rules: rules as object };
}

/** The option that these take as their first argument in code, and that YAML may give alone. */
const SHORTHANDS: Readonly<Record<string, string>> = { fake: "path", keep: "reason", review: "reason" };

function codeArguments(transform: string, options: SuggestedRule["options"]): string {
  const first = SHORTHANDS[transform];
  const entries = given(options);
  const leading = entries.filter(([name]) => name === first).map(([, value]) => code(value));
  const rest = entries.filter(([name]) => name !== first);
  return [...leading, ...(rest.length > 0 ? [code(Object.fromEntries(rest))] : [])].join(", ");
}

function given(options: SuggestedRule["options"]): [string, unknown][] {
  return Object.entries(options).filter(([, value]) => value !== undefined);
}

function code(value: unknown): string {
  if (isSuggested(value)) return TYPESCRIPT.rule(value);
  if (Array.isArray(value)) return `[${value.map(code).join(", ")}]`;
  if (typeof value === "string") return quotedText(value);
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${given(value as Record<string, unknown>)
    .map(([name, one]) => `${TYPESCRIPT.property(name)}: ${code(one)}`)
    .join(", ")} }`;
}

function yamlValue(value: unknown): string {
  if (isSuggested(value)) return YAML.rule(value);
  if (typeof value === "string") return plainOrQuoted(value);
  if (Array.isArray(value)) return `[${value.map(yamlValue).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  return `{ ${given(value as Record<string, unknown>)
    .map(([name, one]) => `${plainOrQuoted(name)}: ${yamlValue(one)}`)
    .join(", ")} }`;
}
