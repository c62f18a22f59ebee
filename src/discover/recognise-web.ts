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
      support: 0.5,
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

export const recogniseUserName: Recogniser = {
  kind: "userName",
  measure: (values) => {
    const share = shareOf(values, (value) => hasFormOfLogin(value) || /^[\p{L} .'-]{3,40}$/u.test(value));
    const looksMade =
      shareOf(values, (value) => /^[a-z]+[._-]?[a-z]*\d{1,4}$|^[a-z]+[._][a-z]+$/.test(value)) >= 0.6 && values.length >= 10;
    return { kind: "userName", share, alone: looksMade ? 0.3 : 0, support: 0.6, isNeeded: true, says: "are logins" };
  },
};
