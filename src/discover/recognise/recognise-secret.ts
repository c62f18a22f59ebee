import { ISSUED_KEYS } from "../../transforms/free-text/secret-forms.ts";
import { type Recogniser, shareOf } from "./recogniser.ts";

/** How password hashes announce themselves: bcrypt, argon2, scrypt, PBKDF2, crypt(3), LDAP, phpass, Django, PostgreSQL, MySQL. */
const PASSWORD_HASH =
  /^(?:\$2[abxy]?\$\d\d\$[./A-Za-z\d]{53}$|\$argon2(?:id|i|d)\$|\$scrypt\$|\$s[02]\$|\$(?:1|5|6|y|7|apr1|sha1|md5|pbkdf2[\w-]*)\$|\$[PH]\$[./A-Za-z\d]{31}$|\{(?:S?SHA(?:256|384|512)?|S?MD5|CRYPT|bcrypt|noop|pbkdf2[\w-]*)\}|(?:pbkdf2_sha\d+|bcrypt_sha256|argon2|scrypt|sha1|md5)\$|SCRAM-SHA-256\$|\*[\dA-F]{40}$|scrypt:\d)/;

export function isPasswordHash(value: string): boolean {
  return value.length <= 1024 && PASSWORD_HASH.test(value);
}

/** A length that a digest has, in hexadecimal digits or Base64: checksums look the same. */
export function isDigest(value: string): boolean {
  return (
    /^(?:[\da-f]{32}|[\da-f]{40}|[\da-f]{56}|[\da-f]{64}|[\da-f]{96}|[\da-f]{128})$/i.test(value) ||
    /^[A-Za-z\d+/]{27,86}={1,2}$/.test(value)
  );
}

const ISSUED = new RegExp(`^(?:${ISSUED_KEYS}|-----BEGIN [A-Z ]*PRIVATE KEY-----)`);

/** Three parts of Base64url, the first a JSON object (RFC 7519). */
export function isJwt(value: string): boolean {
  return /^eyJ[\w-]{8,}\.eyJ[\w-]{2,}\.[\w-]*$/.test(value);
}

/** What a connection or a request proves itself with: a URL with a password in it, an `Authorization` header, the key that an account is entered with. */
const CREDENTIALS =
  /^(?:[a-z][a-z\d+.-]{1,30}:\/\/[^\s:/?#@]{0,128}:[^\s/?#@]{1,256}@|Bearer [\w.~+/=-]{16,}|(?:ssh-(?:rsa|ed25519|dss)|ecdsa-sha2-\w+) AAAA)/;

/** A name and a password, as HTTP sends them (RFC 7617). */
function isBasicAuth(value: string): boolean {
  const [, coded] = /^Basic ([A-Za-z\d+/]{4,1024}={0,2})$/.exec(value) ?? [];
  return coded !== undefined && Buffer.from(coded, "base64").toString("latin1").includes(":");
}

export function isIssuedSecret(value: string): boolean {
  return ISSUED.test(value) || CREDENTIALS.test(value) || isBasicAuth(value) || isJwt(value);
}

/** A `Cookie` header: several names with values, one of them long and random. */
export function isCookie(value: string): boolean {
  if (value.length > 4096 || !/^[\w.-]+=[^\s;]*(?:; ?[\w.-]+=[^\s;]*)+;?$/.test(value)) return false;
  return value.split(/; ?/).some((pair) => isRandomText(pair.slice(pair.indexOf("=") + 1)));
}

/** Long, without spaces, and of many different characters, some of them digits. */
export function isRandomText(value: string): boolean {
  return (
    value.length >= 12 &&
    !/\s/.test(value) &&
    /\d/.test(value) &&
    new Set(value.slice(0, 64)).size >= Math.min(8, value.length / 2)
  );
}

export const recognisePasswordHash: Recogniser = {
  kind: "passwordHash",
  accepts: ["text", "bytes"],
  measure: (values) => {
    const share = shareOf(values, isPasswordHash);
    if (share > 0)
      return { kind: "passwordHash", share, alone: 0.97, support: 0.97, isNeeded: false, says: "are password hashes" };
    const digests = shareOf(values, isDigest);
    return { kind: "passwordHash", share: digests, alone: 0, support: 0.8, isNeeded: false, says: "have the length of digests" };
  },
};

export const recogniseSecret: Recogniser = {
  kind: "secret",
  measure: (values) => {
    const share = shareOf(values, isIssuedSecret);
    if (share > 0)
      return {
        kind: "secret",
        share,
        alone: 0.97,
        support: 0.97,
        isNeeded: true,
        says: "are signed tokens or keys of a known issuer",
      };
    const random = shareOf(values, (value) => isRandomText(value) || isDigest(value));
    return { kind: "secret", share: random, alone: 0, support: 0.7, isNeeded: true, says: "look random" };
  },
};

export const recogniseSession: Recogniser = {
  kind: "sessionId",
  measure: (values) => {
    const cookies = shareOf(values, isCookie);
    if (cookies >= 0.5)
      return { kind: "sessionId", share: cookies, alone: 0.85, support: 0.9, isNeeded: true, says: "are cookies" };
    const share = shareOf(values, (value) => isRandomText(value) || value.includes("="));
    return { kind: "sessionId", share, alone: 0, support: 0.6, isNeeded: true, says: "look random" };
  },
};
