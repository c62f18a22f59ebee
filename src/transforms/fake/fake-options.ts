import { boolean, json, type OptionSpec, type OptionsValue, sayInJson } from "../../option-spec.ts";
import type { RuleInput } from "../define-transform.ts";
import { nearestNames } from "../nearest-name.ts";
import { FAKE_LOCALES, type FakeLocale } from "./fake-locales.ts";
import { FAKE_PATHS, type FakeArguments, type FakePath } from "./fake-paths.ts";
import { type Product, productOf } from "./fake-products.ts";

export const OPTIONS = {
  path: oneNameOf<FakePath>("The method of faker, such as internet.email.", FAKE_PATHS),
  locale: { ...oneNameOf<FakeLocale>("The locale of faker.", FAKE_LOCALES), isOptional: true, default: "en" } as OptionSpec<
    FakeLocale,
    true
  >,
  arguments: json<readonly unknown[] | undefined>({
    describe: "What the method of faker is called with, as a list.",
    kind: "list",
    optional: true,
    problem: (value) => (Array.isArray(value) ? null : "must be a list of arguments"),
  }),
  unique: boolean({ describe: "Makes every output different by 64 keyed bits in it.", default: false }),
  keepScript: boolean({
    describe: "Draws from a locale of the script that the value is written in: Cyrillic for Cyrillic.",
    default: false,
  }),
  keepLengthClass: boolean({
    describe: "Draws what is about as long as the value: 1–3, 4–5, 6–8, 9–12, 13–20 characters, or more.",
    default: false,
  }),
} as const;

export type Options = OptionsValue<typeof OPTIONS>;

/** What `fake` may be told beyond the path. */
export type FakeOptions<Path extends FakePath> = Omit<RuleInput<typeof OPTIONS>, "path" | "arguments"> & {
  /** What the method of faker is called with: `fake("number.int", { arguments: [{ min: 1, max: 9 }] })`. */
  readonly arguments?: FakeArguments<Path> | undefined;
};

/** Rules that give a value the same stand-in are of one domain. */
export function domainOf({ path, locale, arguments: input, unique, keepScript, keepLengthClass }: Options): string {
  return [
    "fake",
    path,
    locale,
    ...(input?.length ? [JSON.stringify(input, writeOdd)] : []),
    ...(unique ? ["unique"] : []),
    ...(keepScript ? ["script"] : []),
    ...(keepLengthClass ? ["length"] : []),
  ].join(":");
}

export function composedProduct({ path, arguments: input = [] }: Options): Product | undefined {
  return input.length === 0 ? productOf(path) : undefined;
}

/** Identifiers that carry more keyed bits than `unique` asks for, as they are. */
const IDENTIFIERS: readonly FakePath[] = ["string.uuid", "string.nanoid", "string.ulid"];

export function isIdentifier({ path, arguments: input = [] }: Options): boolean {
  return input.length === 0 && IDENTIFIERS.includes(path);
}

/** An option that names one of many things, and whose refusal names the nearest. */
function oneNameOf<Name extends string>(describe: string, choices: readonly Name[]): OptionSpec<Name, false> {
  return {
    kind: "choice",
    describe,
    choices,
    isOptional: false,
    default: undefined,
    problem: (value) => {
      if (typeof value !== "string") return "must be text";
      return choices.includes(value as Name)
        ? null
        : `is none of faker's: did you mean ${nearestNames(value, choices).join(", ")}?`;
    },
  };
}

/** For the name of a domain. */
function writeOdd(name: string, value: unknown): unknown {
  return typeof value === "function" ? String(value) : sayInJson(name, value);
}
