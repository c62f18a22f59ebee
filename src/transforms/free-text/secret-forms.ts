import { type FindKind, findMatches } from "./find-matches.ts";

/** Keys that name their issuer: AWS, Google, GitHub, GitLab, Slack, Stripe, SendGrid, npm, PyPI, Shopify, Twilio, OpenAI, Anthropic, Hugging Face, DigitalOcean, Telegram, Square, Mailgun, Meta. */
export const ISSUED_KEYS = [
  String.raw`(?:AKIA|ASIA|AROA|AIDA)[A-Z\d]{16}`,
  String.raw`AIza[\w-]{35}`,
  String.raw`ya29\.[\w-]+`,
  String.raw`gh[pousr]_[A-Za-z\d]{36,}`,
  String.raw`github_pat_\w{22,}`,
  String.raw`gl(?:pat|dt|rt)-[\w-]{20,}`,
  String.raw`xox[abeoprs]-[\w-]{10,}`,
  String.raw`(?:sk|pk|rk)_(?:live|test)_[A-Za-z\d]{10,}`,
  String.raw`whsec_\w{16,}`,
  String.raw`SG\.[\w-]{16,}\.[\w-]{16,}`,
  String.raw`npm_[A-Za-z\d]{36}`,
  String.raw`pypi-[\w-]{16,}`,
  String.raw`shp(?:at|ca|pa|ss)_[a-fA-F\d]{32}`,
  String.raw`SK[\da-f]{32}`,
  String.raw`AC[\da-f]{32}`,
  String.raw`sk-[\w-]{20,}`,
  String.raw`hf_[A-Za-z\d]{30,}`,
  String.raw`do[opr]_v1_[a-f\d]{64}`,
  String.raw`\d{8,10}:AA[\w-]{33}`,
  String.raw`sq0[a-z]{3}-[\w-]{22,}`,
  String.raw`key-[\da-f]{32}`,
  String.raw`EAA[A-Za-z\d]{20,}`,
].join("|");

/** To the end of the word: what a longer key has beyond the usual length is a part of it too. */
const KEYS = new RegExp(String.raw`(?<![A-Za-z\d])(?:${ISSUED_KEYS})[\w-]*`, "g");

/** RFC 7519; what is encrypted (RFC 7516) has five parts. */
const TOKENS = /(?<![\w-])eyJ[\w-]{8,}(?:\.[\w-]*){2,4}/g;

/** RFC 6750 and 7617: an `Authorization` header without its scheme. */
const CREDENTIALS = /(?<=\b(?:Bearer|Basic) )[\w.~+/-]{12,}=*/gi;

const NAMES_OF_SECRETS =
  "password|passwd|passphrase|passcode|pwd|passwort|kennwort|wachtwoord|contraseña|mot de passe|senha|пароль|" +
  "(?:api|access|secret|private)[ _-]?(?:access[ _-]?)?key|(?:access|auth|api|refresh)[ _-]?token|client[ _-]?secret";

/** What an equals sign or a colon gives to a name that only secrets have. */
const ASSIGNED = new RegExp(`(?<![\\p{L}\\d])(?:${NAMES_OF_SECRETS})["']?\\s{0,3}[:=]\\s{0,3}["']?([^\\s"',;<>]{4,})`, "giu");

const PRIVATE_KEY = /-----BEGIN [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g;
const END_OF_KEY = /-----END [A-Z ]{0,30}PRIVATE KEY(?: BLOCK)?-----/g;
/** What a key that is cut off may have had. */
const PIECE_OF_KEY = /[\w+/=:,\s-]*/y;

const privateKeys: FindKind = (text, say) => {
  PRIVATE_KEY.lastIndex = 0;
  let hasEnd = true;
  while (PRIVATE_KEY.test(text)) {
    const body = PRIVATE_KEY.lastIndex;
    const start = text.lastIndexOf("-----BEGIN", body);
    END_OF_KEY.lastIndex = body;
    hasEnd &&= END_OF_KEY.test(text);
    PIECE_OF_KEY.lastIndex = body;
    if (!hasEnd) PIECE_OF_KEY.test(text);
    const end = hasEnd ? END_OF_KEY.lastIndex : PIECE_OF_KEY.lastIndex;
    say(start, end);
    PRIVATE_KEY.lastIndex = end;
  }
};

/** Finds what somebody proves himself with. */
export const findSecrets: FindKind = (text, say) => {
  for (const form of [KEYS, TOKENS, CREDENTIALS]) findMatches(text, form, say);
  for (const { 0: found, 1: secret = "", index } of text.matchAll(ASSIGNED))
    say(index + found.length - secret.length, index + found.length);
  privateKeys(text, say);
};
