import { isIP } from "node:net";
import { eachValueIs, type Recogniser, shareOf } from "./recogniser.ts";

/** IPv4 or IPv6, with a prefix length, a zone or a port or without. */
export function isIpAddress(value: string): boolean {
  if (value.length > 64) return false;
  const text = value
    .trim()
    .replace(/\/\d{1,3}$/, "")
    .replace(/%[\w.]+$/, "");
  if (isIP(text) !== 0) return text !== "::" && text !== "0.0.0.0";
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
export const recogniseMacAddress = eachValueIs("macAddress", isMacAddress, {
  accepts,
  says: "are MAC addresses",
  alone: 0.93,
  support: 0.95,
});
