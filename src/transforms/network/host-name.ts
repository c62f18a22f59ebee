import { domainToASCII } from "node:url";

/** A host name in parts: `mail.acme.co.uk` has the hosts `mail`, the name `acme` and the suffix `co.uk`. */
export interface HostName {
  readonly hosts: readonly string[];
  readonly name: string;
  /** Empty for a name of one label. */
  readonly suffix: string;
  /** Whether it ends in the dot of the root. */
  readonly isRooted: boolean;
}

/** Labels of at most 63 letters, digits, hyphens within, and the underscores and stars that DNS and certificates have. */
const HOST = /^(?:(?:\*|[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?)(?:\.|$))+$/;

/** Second levels that registries sell names under, behind a country's two letters. */
const SECOND_LEVELS = new Set(
  "ac co com edu gob gov go govt gouv ltd me mil ne net nhs nom or org plc police sch school".split(" "),
);

/** Reads a host name in any case and script (IDNA); null for what is none, an IP address too. */
export function readHost(text: string): HostName | null {
  if (text === "" || text.length > 253) return null;
  const isRooted = text.length > 1 && text.endsWith(".");
  const bare = (isRooted ? text.slice(0, -1) : text).toLowerCase();
  const ascii = isAscii(bare) ? bare : domainToASCII(bare);
  if (!HOST.test(ascii) || ascii.endsWith(".")) return null;
  const labels = ascii.split(".");
  const last = labels.at(-1)!;
  if (/^\d+$/.test(last)) return null;
  if (labels.length === 1) return { hosts: [], name: last, suffix: "", isRooted };
  const hasTwo = labels.length > 2 && last.length === 2 && SECOND_LEVELS.has(labels.at(-2)!);
  const end = labels.length - (hasTwo ? 2 : 1);
  return { hosts: labels.slice(0, end - 1), name: labels[end - 1]!, suffix: labels.slice(end).join("."), isRooted };
}

/** Most names that a reader remembers. */
const REMEMBERED = 4096;

/** Reads host names and remembers the last ones: in a column few domains are behind most of the rows. */
export function createHostReader(): (text: string) => HostName | null {
  const known = new Map<string, HostName | null>();
  return (text) => {
    let host = known.get(text);
    if (host !== undefined) return host;
    host = readHost(text);
    if (known.size >= REMEMBERED) known.clear();
    known.set(text, host);
    return host;
  };
}

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}

/** Hosts that every company has: they tell nobody. */
const COMMON_HOSTS = new Set(
  "* www www2 mail webmail smtp imap pop mx mx1 mx2 ns ns1 ns2 ftp api app m mobile blog shop store cdn static assets img images media docs help support status admin portal login auth sso dev test staging stage qa demo".split(
    " ",
  ),
);

export function isCommonHost(label: string): boolean {
  return COMMON_HOSTS.has(label);
}

/** Where everybody can have a mailbox: the domain tells nobody. */
const FREE_MAIL = new Set(
  (
    "gmail.com googlemail.com yahoo.com yahoo.co.uk yahoo.fr yahoo.de yahoo.co.jp yahoo.co.in ymail.com rocketmail.com hotmail.com hotmail.co.uk hotmail.fr hotmail.de " +
    "hotmail.it outlook.com outlook.de outlook.fr live.com live.co.uk live.nl live.fr msn.com icloud.com me.com mac.com aol.com gmx.de gmx.net gmx.at gmx.ch gmx.com web.de t-online.de freenet.de " +
    "mail.com mail.ru yandex.ru yandex.com bk.ru list.ru inbox.ru rambler.ru proton.me protonmail.com pm.me zoho.com fastmail.com hey.com tutanota.com tuta.io orange.fr wanadoo.fr " +
    "free.fr laposte.net sfr.fr libero.it virgilio.it tiscali.it alice.it wp.pl o2.pl onet.pl interia.pl seznam.cz qq.com 163.com 126.com sina.com foxmail.com naver.com hanmail.net daum.net " +
    "rediffmail.com uol.com.br bol.com.br terra.com.br comcast.net verizon.net att.net sbcglobal.net cox.net btinternet.com bigpond.com shaw.ca rogers.com ziggo.nl telenet.be bluewin.ch"
  ).split(" "),
);

export function isFreeMail(domain: string): boolean {
  return FREE_MAIL.has(domain);
}

/** A syllable for each six bits. */
const SYLLABLES = [..."bdfgklmnprstvzhj"].flatMap((consonant) => [..."aeio"].map((vowel) => consonant + vowel));

/** Keyed bits of `pronounceable`. */
export const NAME_BITS = 42;

/** Writes 42 bits as seven syllables, one to one: `tovakisurobeni`. */
export function pronounceable(high: number, low: number): string {
  return (
    SYLLABLES[high >>> 26]! +
    SYLLABLES[(high >>> 20) & 63]! +
    SYLLABLES[(high >>> 14) & 63]! +
    SYLLABLES[(high >>> 8) & 63]! +
    SYLLABLES[(high >>> 2) & 63]! +
    SYLLABLES[((high & 3) << 4) | (low >>> 28)]! +
    SYLLABLES[(low >>> 22) & 63]!
  );
}
