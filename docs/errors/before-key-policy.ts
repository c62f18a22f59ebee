import type { Advice } from "./advice.ts";

/** Codes that refuse a run for its key or for what its policy says. */
export const KEY_AND_POLICY = {
  KEY_REQUIRED: {
    cause:
      "A rule needs a key and there is none: `STANDIN_KEY` is not set in this shell or job, the variable that the policy's `keyVariable` names is not, or the function that was to give the key failed.",
    remedy:
      "Set the variable from your store of secrets. A first key: `npx standin keygen`. If a function gives the key, call it by itself: its error is not printed, as it may quote the key.",
  },
  KEY_INVALID: {
    cause:
      "What was given as key is not 32 bytes in a form that standin reads, or is plainly not random (all zeros, a word, a pattern).",
    remedy:
      "Use what `npx standin keygen` printed, unchanged: no quotes of the shell inside of it, nothing cut off. 64 hex digits and base64 of 32 bytes are read as well.",
  },
  POLICY_NOT_FOUND: {
    cause:
      "There is no `standin.policy.ts`, `.js`, `.yaml` or `.json` in this folder, or the file that `--policy` names cannot be read.",
    remedy: "Change to the policy's folder, name it with `--policy`, or let `npx standin init` propose one.",
  },
  POLICY_INVALID: {
    cause:
      "The policy cannot be read: a mistake of YAML or JSON, a key, rule or option that there is not, a value of the wrong kind, a module that failed to load.",
    remedy:
      "All mistakes are listed, each with file, line and column and the nearest right name. Editors find them while you type with the [JSON Schema](../reference/policy.md).",
  },
  OPTION_INVALID: {
    cause: "An option of a command, a function or a connector has a value that it cannot have, or two exclude each other.",
    remedy: "The message names the option and what it may be. `npx standin <command> --help` lists those of a command.",
  },
  ENVIRONMENT_UNKNOWN: {
    cause: "`--env`, or `environment` in code, names an environment that the policy has not.",
    remedy: "Use one of those in the hint, or add it under `environments`.",
  },
  SECRET_IN_POLICY: {
    cause: "The source or target in a policy file holds a password, and whoever reads the repository has it.",
    remedy:
      // biome-ignore lint/suspicious/noTemplateCurlyInString: this is how a policy writes a variable.
      "Write `${PROD_URL}` in its place and set the variable where standin runs. Change the password if the file was committed.",
  },
  RULE_UNMATCHED: {
    cause:
      "A pattern, a class, an allowed column or a path of the policy matches nothing, so a rule that somebody relied on does nothing.",
    remedy: "Mend the pattern, or take it out. After a migration: `npx standin check` names what was renamed.",
  },
  RULE_AMBIGUOUS: {
    cause: "Two patterns that are equally narrow say different things about one column or table.",
    remedy: "Name the column, or make one pattern narrower. `npx standin explain table.column` tells which rules reach it.",
  },
  KEEP_WIDE: {
    cause: "A pattern keeps every column without a rule of its own, also one that is added tomorrow. A warning.",
    remedy: "Keep by names or by narrower patterns, so that a new column is refused until somebody decides.",
  },
  CLASSES_UNAVAILABLE: {
    cause:
      "The policy has rules by what columns hold (`when`, `presets`), and the function that reads it does not look at column names.",
    remedy: "Use `refresh()`, `planRefresh()` or the command, or give the columns rules of their own.",
  },
  PRESET_ADVICE: {
    cause:
      "A preset (`gdpr`, `hipaa-safe-harbor`, …) would do otherwise with a column of this class. A warning, and advice: see [presets](presets.md).",
    remedy:
      "Take the suggested rule, or state with `classes` what the column holds if the name misleads. What you decide against stays as a warning.",
  },
} as const satisfies Record<string, Advice>;
