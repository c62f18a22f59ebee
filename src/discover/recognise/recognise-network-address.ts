import { isIP } from "node:net";
import { wordsOf } from "../words/column-words.ts";
import { type Recogniser, shareOf } from "./recogniser.ts";

/** IPv4 or IPv6, with a prefix length, a zone or a port or without; a list of them, as proxies hand on (`X-Forwarded-For`). Masks of networks are none. */
export function isIpAddress(value: string): boolean {
  if (value.length > 200) return false;
  const parts = value.split(",");
  return parts.length <= 8 && parts.every((part) => isOneAddress(part.trim()));
}

function isOneAddress(part: string): boolean {
  const text = part.replace(/\/\d{1,3}$/, "").replace(/%[\w.]+$/, "");
  if (isIP(text) !== 0) return text !== "::" && text !== "0.0.0.0" && !text.startsWith("255.");
  const withPort = /^\[?([\da-fA-F.:]+?)\]?:\d{1,5}$/.exec(text);
  return withPort !== null && isIP(withPort[1]!) !== 0;
}

export function isMacAddress(value: string): boolean {
  return /^[\da-f]{2}([:-])(?:[\da-f]{2}\1){4}[\da-f]{2}$/i.test(value) || /^(?:[\da-f]{4}\.){2}[\da-f]{4}$/i.test(value);
}

const accepts = ["text", "network", "other"] as const;

/** Four small numbers are a version as often as an address. */
const isVersionLike = (value: string) =>
  /^(?:\d{1,2}\.){3}\d{1,2}$/.test(value) && value.split(".").every((part) => Number(part) < 32);

/** What counts releases with four numbers as well. */
export function isVersionName(name: string): boolean {
  return wordsOf(name).some((word) =>
    ["version", "versions", "ver", "release", "build", "firmware", "fw", "revision"].includes(word),
  );
}

export const recogniseIpAddress: Recogniser = {
  kind: "ipAddress",
  accepts,
  measure: (values) => ({
    kind: "ipAddress",
    share: shareOf(values, isIpAddress),
    alone: shareOf(values, isVersionLike) > 0.5 ? 0.3 : 0.9,
    support: 0.95,
    isNeeded: true,
    says: "are IP addresses",
  }),
};

export const recogniseMacAddress: Recogniser = {
  kind: "macAddress",
  accepts,
  measure: (values) => {
    const share = shareOf(values, isMacAddress);
    // Twelve hexadecimal digits without a sign are anything, but beside such a name.
    const bare = shareOf(values, (value) => /^[\da-f]{12}$/i.test(value));
    return {
      kind: "macAddress",
      share: Math.max(share, bare),
      alone: share >= bare ? 0.93 : 0,
      support: 0.95,
      isNeeded: true,
      says: "are MAC addresses",
    };
  },
};
