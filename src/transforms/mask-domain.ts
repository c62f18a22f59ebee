import { createColumnPrf } from "../keys/column-prf.ts";
import { boolean } from "../option-spec.ts";
import { defineTransform, EMPTY_STAYS, isEmptyCell } from "./define-transform.ts";
import { createHostReader, type HostName, isCommonHost, isFreeMail, NAME_BITS, pronounceable } from "./host-name.ts";

/** Nobody's name: this machine. */
const OWN = "localhost";

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
    const readHost = createHostReader();
    const { isPadded, maxLength } = column;
    return (values) => {
      const hosts: (HostName | null)[] = new Array(values.length).fill(null);
      /** Names to be masked, each with what stands behind it: `acme.com`, `berlin.acme.com`. */
      const names: string[] = [];
      for (const [row, value] of values.entries()) {
        const host = value === null ? null : readHost(isPadded ? value.trimEnd() : value);
        hosts[row] = host;
        if (host !== null) names.push(...namesOf(host));
      }
      const words = prf.words(names);
      let next = 0;
      return values.map((value, row) => {
        if (value === null || isEmptyCell(value, isPadded)) return value;
        const host = hosts[row]!;
        if (host === null) return undefined;
        const masked = namesOf(host).map(() => {
          const at = next++ * 4;
          return pronounceable(words[at]!, words[at + 1]!);
        });
        const text = write(host, masked, value);
        return maxLength !== null && text.length > maxLength ? undefined : text;
      });
    };

    function write({ hosts, name, suffix, isRooted }: HostName, masked: readonly string[], value: string): string {
      const root = isRooted ? "." : "";
      if (suffix === "") return hosts.length === 0 && name === OWN ? value : masked[0]! + root;
      const kept = keepFreeMail && isFreeMail(`${name}.${suffix}`);
      let at = 0;
      const before = hosts.map((host) => (isCommonHost(host) ? host : masked[at++]!));
      const own = kept ? `${name}.${suffix}` : keepSuffix ? `${masked[at]!}.${suffix}` : masked[at]!;
      return `${[...before, own].join(".")}.example${root}`;
    }
  },
});

/** What is masked of a host name: its own name, and those before it that not everybody has. */
function namesOf({ hosts, name, suffix }: HostName): string[] {
  const domain = suffix === "" ? name : `${name}.${suffix}`;
  return [...hosts.filter((host) => !isCommonHost(host)).map((host) => `${host}.${domain}`), domain];
}
