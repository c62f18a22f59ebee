import type { Column, ColumnContext, MaskColumn, Rule } from "../../contracts.ts";
import { innerGuarantees, refuseWindows, ruleOption } from "../../inner-rules.ts";
import { createColumnPrf } from "../../keys/column-prf.ts";
import { boolean, choice, type OptionsValue } from "../../option-spec.ts";
import { defineTransform, EMPTY_STAYS, isEmptyCell } from "../define-transform.ts";
import { fake } from "../fake/fake.ts";
import { keyedTail, TAIL_BITS } from "../fake/fake-tail.ts";
import { type EmailParts, readEmail } from "./email-text.ts";

import { createHostReader } from "./host-name.ts";
import { maskDomain } from "./mask-domain.ts";

const OPTIONS = {
  host: choice({
    describe:
      "What stands behind the @: a domain of RFC 2606; the domain masked, `tovakisezobeni.example`; its class and that of free mail kept, `tovakisezobeni.edu.example` and `gmail.com.example`; or the domain itself.",
    choices: ["example", "map", "class", "keep"],
    default: "example",
  }),
  local: ruleOption({
    describe: "A rule for what stands before the @, without its tag, where it is not to be a name.",
    optional: true,
    problem: refuseWindows,
  }),
  plusTags: choice({
    describe: "What becomes of the tag of jane+shop@acme.com: nothing, a keyed one, or itself.",
    choices: ["drop", "mask", "keep"],
    default: "drop",
  }),
  unique: boolean({
    describe: "Makes every output different by 64 keyed bits in it, case and tag of the original counted.",
    default: false,
  }),
} as const;

type Options = OptionsValue<typeof OPTIONS>;

/** Characters of a masked tag. */
const TAG_LENGTH = 6;

/** What a masked domain without hosts before it is longer than `example.com`; the longest suffixes are rare. */
const LONGER_HOST = { example: 0, map: 11, class: 20, keep: 20 } as const;

/**
 * Puts another mail address in the place of one: `Jane.Doe+shop@Acme.com` becomes `mo.brandt@example.net`, which delivers to nobody (RFC 2606).
 *
 * One mailbox, one stand-in: case and tag do not count, unless `unique` asks for it, and an address in lower case without a tag becomes what
 * `fake("internet.email")` makes of it, so that columns under either rule still join. With `host: "map"` those of one domain keep one domain, with
 * `class` free mail, universities and countries show; with `keep` the domain is the real one, and mail to the stand-in may reach somebody. Reads quoted
 * names and international domains. Hint: for a bare domain, `maskDomain`.
 */
export const maskEmail = defineTransform({
  name: "maskEmail",
  technique: "substitution",
  accepts: ["text"],
  unsupported:
    "what is no mail address, one with a name before it too (`Jane <jane@acme.com>`), and a result that is too long for its column",
  guarantees: ({ unique, local, host }, column) => ({
    deterministic: local === undefined || innerGuarantees(local, partOf(column)).deterministic,
    uniqueness: unique && local === undefined ? { kind: "unlikely-lost", bits: TAIL_BITS } : { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: host === "example" && local === undefined ? "always" : "not-promised",
  }),
  fixedPoints: EMPTY_STAYS,
  isKeyed: true,
  usesFaker: true,
  options: OPTIONS,
  shorthand: "host",
  maxOutputLength: (_, { maxLength }) => maxLength,
  checkColumn: (options, column) => {
    const { local, unique } = options;
    if (local === undefined) {
      const rule = nameRule(options);
      return rule.transform.checkColumn(rule.options, nameColumn(options, column));
    }
    return [
      ...(unique ? ["a rule for the part before the @ makes it what it is: unique is its matter"] : []),
      ...(local.transform.accepts.includes("text")
        ? local.transform.checkColumn(local.options, partOf(column))
        : [`${local.transform.name} cannot mask the text before an @`]),
    ];
  },
  prepare,
});

/** What stands before the @ is any text. */
function partOf(column: Column): Column {
  return { ...column, type: "text", kind: "text", isPadded: false, maxLength: null, maxBytes: null, range: null, labels: null };
}

function nameRule({ unique }: Options): Rule {
  return fake("internet.email", { unique });
}

/** The column that a whole fake address must fit in, so that it still fits with another domain and a tag. */
function nameColumn({ host, plusTags }: Options, column: Column): Column {
  const longer = LONGER_HOST[host] + (plusTags === "mask" ? TAG_LENGTH + 1 : 0);
  return { ...partOf(column), maxLength: column.maxLength === null ? null : Math.max(column.maxLength - longer, 0) };
}

async function prepare(options: Options, context: ColumnContext): Promise<MaskColumn> {
  const { column } = context;
  const { host, plusTags, unique, local } = options;
  const whole = await context.inner(nameRule(options), nameColumn(options, column));
  const names = local === undefined ? null : await context.inner(local, partOf(column));
  const domains =
    host === "map" || host === "class"
      ? await context.inner(maskDomain({ keepSuffix: host === "class", keepFreeMail: host === "class" }), partOf(column))
      : null;
  const readHost = createHostReader();
  const tags = createColumnPrf(context.deriveKey("maskEmail:tag"));

  return async (values, batch) => {
    const parts: EmailParts[] = [];
    const rows: number[] = [];
    const masked = new Array<string | null | undefined>(values.length).fill(undefined);
    for (const [row, value] of values.entries()) {
      if (value === null || isEmptyCell(value, column.isPadded)) masked[row] = value;
      else {
        const read = readEmail(value, readHost);
        if (read === null) continue;
        parts.push(read);
        rows.push(row);
      }
    }
    // An address is its own identity in a unique column, and its mailbox elsewhere.
    const identities = parts.map(({ mailbox }, slot) => (unique ? wholeOf(values[rows[slot]!]!, column) : mailbox));
    const addresses = await whole(identities, batch, rows);
    const locals = await names?.(
      parts.map((part) => part.local),
      batch,
      rows,
    );
    const hosts = await domains?.(
      parts.map((part) => part.host),
      batch,
      rows,
    );
    const words = plusTags === "mask" ? tags.words(parts.map(({ tag }) => tag)) : null;
    for (const [slot, row] of rows.entries()) {
      const address = addresses[slot];
      const part = parts[slot]!;
      const name = locals === undefined ? address?.slice(0, address.indexOf("@")) : locals[slot];
      const behind = hosts === undefined ? (host === "keep" ? part.host : address?.slice(address.indexOf("@") + 1)) : hosts[slot];
      if (typeof name !== "string" || name === "" || typeof behind !== "string") continue;
      const tag =
        part.tag === "" || plusTags === "drop"
          ? ""
          : `+${words === null ? part.tag : keyedTail(words[slot * 4]!, words[slot * 4 + 1]!).slice(0, TAG_LENGTH)}`;
      const text = `${quoted(name)}${tag}@${behind}`;
      if (column.maxLength === null || [...text].length <= column.maxLength) masked[row] = text;
    }
    return masked;
  };
}

/** A unique column tells texts apart that differ in spaces alone, unless it pads them. */
function wholeOf(value: string, { isPadded }: Column): string {
  return isPadded ? value.trimEnd() : value;
}

/** RFC 5321: what is more than atoms and dots stands in quotes. */
function quoted(local: string): string {
  return /^[^\s"(),:;<>@[\\\]]+$/.test(local) && !/^\.|\.\.|\.$/.test(local) ? local : `"${local.replace(/["\\]/g, "\\$&")}"`;
}
