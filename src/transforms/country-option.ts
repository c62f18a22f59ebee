import { type OptionSpec, text } from "../option-spec.ts";

/** A country by its ISO 3166 code. One that is written otherwise would find no number, and say nothing. */
export function countryOption(describe: string): OptionSpec<string | undefined, true> {
  const spec = text({ describe, optional: true });
  return {
    ...spec,
    problem: (value) =>
      spec.problem(value) ?? (/^[A-Z]{2}$/.test(value as string) ? null : "must be two capital letters, such as DE"),
  };
}
