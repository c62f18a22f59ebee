import type { HostName } from "./host-name.ts";

/** A mail address in parts. */
export interface EmailParts {
  /** What stands before the @, without quotes and tag. */
  readonly local: string;
  /** What stands behind the first + of the local part; empty where there is none. */
  readonly tag: string;
  /** The domain in lower case, as the text writes it. */
  readonly host: string;
  /** Local part and domain without case and tag: one mailbox has one. */
  readonly mailbox: string;
}

const QUOTED = /^"((?:[^"\\]|\\.)*)"$/s;
const LITERAL = /^\[[0-9a-fA-F.:]+\]$|^\[IPv6:[0-9a-fA-F.:]+\]$/i;

/** Reads an address (RFC 5321, RFC 6531): one @ that counts, a local part with or without quotes, a domain or the address of a host. null for anything else. */
export function readEmail(text: string, readHost: (text: string) => HostName | null): EmailParts | null {
  const address = text.trim();
  const at = address.lastIndexOf("@");
  if (at < 1) return null;
  const host = address.slice(at + 1).toLowerCase();
  if (readHost(host) === null && !LITERAL.test(host)) return null;
  const written = address.slice(0, at);
  const quoted = written.startsWith('"') ? QUOTED.exec(written) : null;
  if (quoted === null && /[\s"(),:;<>@[\\\]]/.test(written)) return null;
  const whole = quoted === null ? written : quoted[1]!.replace(/\\(.)/gs, "$1");
  const plus = quoted === null ? whole.indexOf("+", 1) : -1;
  const local = plus < 0 ? whole : whole.slice(0, plus);
  if (local === "") return null;
  return { local, tag: plus < 0 ? "" : whole.slice(plus + 1), host, mailbox: `${local.toLowerCase()}@${host}` };
}
