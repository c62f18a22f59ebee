import type { ColumnValues } from "../../contracts.ts";
import { createColumnPrf } from "../../keys/column-prf.ts";
import { boolean } from "../../option-spec.ts";
import { defineTransform, EMPTY_STAYS, isEmptyCell } from "../define-transform.ts";
import { type HostName, isCommonHost, isFreeMail, NAME_BITS, pronounceable, readHost } from "./host-name.ts";

/** Nobody's name: this machine. */
const OWN = "localhost";

/** Rows whose names are held apart at a time: the garbage of more outlives the young. */
const FEW_ROWS = 512;

/**
 * Puts another name in the place of a domain, under `.example`, where nothing is ever reached (RFC 2606): `mail.acme.co.uk` becomes
 * `mail.tovakisezobeni.co.uk.example`.
 *
 * The same for one domain in every column, whatever its case or script (IDNA). What stands before it stays where every company has it (`www`, `api`), and is masked
 * else. Shows the suffix, unless `keepSuffix` is false, and how often a domain occurs: a well-known one that occurs most can be guessed. Knows the usual second
 * levels (`co.uk`), not the whole public suffix list. Hint: in mail addresses, `maskEmail`; in URLs, `maskUrl`.
 */
export const maskDomain = defineTransform({
  name: "maskDomain",
  technique: "pseudonymization",
  accepts: ["text"],
  unsupported: "what is no host name, an IP address too, and a result that is too long for its column",
  guarantees: (_, { ignoresCase }) => ({
    deterministic: true,
    // ACME.com and acme.com are one domain, and get one name: to a key that tells them apart they meet.
    uniqueness: ignoresCase === true ? { kind: "unlikely-lost", bits: NAME_BITS } : { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: "always",
  }),
  fixedPoints: {
    description: "an empty string, and localhost",
    isFixed: (value, _, column) => EMPTY_STAYS.isFixed(value, _, column) || value.trimEnd().toLowerCase() === OWN,
  },
  isKeyed: true,
  options: {
    keepSuffix: boolean({
      describe: "Whether the class of the domain stays before `.example`: `.com`, `.co.uk`, `.edu`.",
      default: true,
    }),
    keepFreeMail: boolean({
      describe:
        "Whether the domain of a provider where everybody can have a mailbox stays before `.example`: `gmail.com.example`.",
      default: false,
    }),
  },
  maxOutputLength: (_, { maxLength }) => maxLength,
  prepare: ({ keepSuffix, keepFreeMail }, { column, deriveKey }) => {
    const prf = createColumnPrf(deriveKey("maskDomain"));
    const { isPadded, maxLength } = column;
    return (values) => {
      const masked: (string | null | undefined)[] = [];
      for (let from = 0; from < values.length; from += FEW_ROWS) maskRows(values.slice(from, from + FEW_ROWS), masked);
      return masked;
    };

    function maskRows(values: ColumnValues, masked: (string | null | undefined)[]): void {
      const hosts = values.map((value) => (value === null ? null : readHost(isPadded ? value.trimEnd() : value)));
      const names: string[] = [];
      for (const host of hosts) if (host !== null) addNames(host, names);
      const words = prf.words(names);
      let next = 0;
      const nextName = () => {
        const at = next++ * 4;
        return pronounceable(words[at]!, words[at + 1]!);
      };
      for (let row = 0; row < values.length; row++) {
        const value = values[row]!;
        const host = hosts[row]!;
        if (value === null || isEmptyCell(value, isPadded)) masked.push(value);
        else if (host === null) masked.push(undefined);
        else {
          const text = write(host, nextName, value);
          masked.push(maxLength !== null && text.length > maxLength ? undefined : text);
        }
      }
    }

    function write({ hosts, name, suffix, isRooted }: HostName, nextName: () => string, value: string): string {
      const root = isRooted ? "." : "";
      let before = "";
      for (const host of hosts) before += `${isCommonHost(host) ? host : nextName()}.`;
      const own = nextName();
      if (suffix === "") return name === OWN ? value : own + root;
      if (keepFreeMail && isFreeMail(`${name}.${suffix}`)) return `${before}${name}.${suffix}.example${root}`;
      return `${before}${own}${keepSuffix ? `.${suffix}` : ""}.example${root}`;
    }
  },
});

/** What is masked of a host name: those before its own name that not everybody has, and that name. */
function addNames({ hosts, name, suffix }: HostName, names: string[]): void {
  const domain = suffix === "" ? name : `${name}.${suffix}`;
  for (const host of hosts) if (!isCommonHost(host)) names.push(`${host}.${domain}`);
  names.push(domain);
}
