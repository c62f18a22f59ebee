import type { NameLists } from "../words/name-lists.ts";
import { eachValueIs, type Recogniser, shareOf } from "./recogniser.ts";

const URL_START = /^https?:\/\/[^\s]{3,}$/i;
const PROFILES =
  /^https?:\/\/(?:[\w-]+\.)*(?:linkedin\.com\/in|facebook\.com|instagram\.com|twitter\.com|x\.com|github\.com|gravatar\.com\/avatar|t\.me|xing\.com\/profile|tiktok\.com\/@|medium\.com\/@)\/?[^/\s]+/i;

/** A URL that names a user: before an @, as somebody's page, or in what is asked for. */
export function isPersonalUrl(value: string): boolean {
  if (value.length > 2048 || !URL_START.test(value)) return false;
  return (
    /^https?:\/\/[^/\s]*@/i.test(value) ||
    PROFILES.test(value) ||
    /[?&](?:e?-?mail|user(?:name|_?id)?|token|api_?key|access_token|session(?:_?id)?|phone|password|auth|sig)=/i.test(value) ||
    /\/(?:users?|profiles?|u|~)\/[\w.@-]+/i.test(value)
  );
}

export const recogniseUrl: Recogniser = {
  kind: "url",
  measure: (values) => {
    const share = shareOf(values, isPersonalUrl);
    if (share > 0.1)
      return {
        kind: "url",
        share: Math.min(1, share * 2),
        alone: 0.8,
        support: 0.9,
        isNeeded: true,
        says: "are URLs that name a user",
      };
    return {
      kind: "url",
      share: shareOf(values, (value) => /[./]/.test(value) && !/\s/.test(value)),
      alone: 0,
      support: 0.25,
      isNeeded: true,
      says: "are URLs",
    };
  },
};

export const recogniseUserAgent = eachValueIs(
  "userAgent",
  (value) => /^(?:Mozilla|Opera|Dalvik|okhttp|curl|PostmanRuntime|python-requests)\/[\d.]+/.test(value),
  {
    says: "are browsers with their versions",
    alone: 0.85,
    support: 0.9,
  },
);

/** `mueller83`, `j.doe`, `max_power`: one word, or two joined by a sign. */
export function hasFormOfLogin(value: string): boolean {
  return value.length <= 64 && /^@?[\p{L}\d][\p{L}\d._@+-]*$/u.test(value) && /\p{L}/u.test(value);
}

/** Logins are often made of names: `jane.doe`, `maria_g83`. */
export function userNameRecogniser({ first, last }: NameLists): Recogniser {
  const nameIn = (value: string) =>
    /[._\d]/.test(value)
      ? value
          .toLowerCase()
          .split(/[._\d-]+|(?<=[a-z])(?=[A-Z])/)
          .find((part) => part.length > 2 && (first.has(part) || last.has(part)))
      : undefined;
  return {
    kind: "userName",
    measure: (values) => {
      const share = shareOf(values, (value) => hasFormOfLogin(value) || /^[\p{L} .'-]{3,40}$/u.test(value));
      const names = values.flatMap((value) => (hasFormOfLogin(value) ? (nameIn(value) ?? []) : []));
      // One word before every number is a prefix, though somebody is called Price.
      const isMade = values.length >= 10 && names.length >= 0.4 * values.length && new Set(names).size >= 0.3 * names.length;
      return { kind: "userName", share, alone: isMade ? 0.65 : 0, support: 0.6, isNeeded: true, says: "are logins" };
    },
  };
}
