import { parseIp } from "./ip-text.ts";
import { parametersOf, startOfFragment } from "./query-text.ts";

export type PartKind = "text" | "ip" | "host";

/** What stays of a URL, or a part to be masked and how it is written back. */
export type UrlPiece = string | { readonly kind: PartKind; readonly text: string; write(masked: string): string };

export interface UrlChoices {
  readonly host: "class" | "map" | "keep";
  readonly userInfo: "drop" | "mask";
  readonly path: "mask" | "ids" | "keep" | "drop";
  readonly query: "mask" | "keep" | "drop";
  readonly fragment: "mask" | "keep" | "drop";
}

/** RFC 3986, appendix B, without the fragment. */
const URL = /^(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?:\/\/([^/?]*))?([^?]*)(?:\?(.*))?$/s;

/** `www.acme.com/x` and `acme.com:8080`: a host that nobody wrote a scheme before. */
const BARE_HOST = /^([^/?#:@\s]+\.[A-Za-z]{2,}(?::\d{1,5})?)(\/[^?]*)?(?:\?(.*))?$/s;

const asItIs = (masked: string): string => masked;

/** Takes a URL apart. null for what is none, and for schemes without a host (mailto:, data:). */
export function readUrl(url: string, choices: UrlChoices): readonly UrlPiece[] | null {
  if (/\s/.test(url)) return null;
  const end = startOfFragment(url);
  const fragment = end < url.length ? url.slice(end + 1) : undefined;
  const before = url.slice(0, end);
  const bare = BARE_HOST.exec(before);
  if (bare !== null) return piecesOf({ start: "", authority: bare[1]!, path: bare[2] ?? "", query: bare[3], fragment }, choices);
  const [, scheme, authority, path = "", query] = URL.exec(before) ?? [];
  if (authority === undefined && (scheme !== undefined || !/^[/?#]/.test(url))) return null;
  const start = (scheme === undefined ? "" : `${scheme}:`) + (authority === undefined ? "" : "//");
  return piecesOf({ start, authority, path, query, fragment }, choices);
}

interface UrlParts {
  readonly start: string;
  readonly authority: string | undefined;
  readonly path: string;
  readonly query: string | undefined;
  readonly fragment: string | undefined;
}

function piecesOf({ start, authority, path, query, fragment }: UrlParts, choices: UrlChoices): readonly UrlPiece[] | null {
  const pieces: UrlPiece[] = [start];
  const isRead =
    (authority === undefined || addAuthority(pieces, authority, choices)) &&
    addPath(pieces, path, choices.path) &&
    (query === undefined || addQuery(pieces, query, choices.query)) &&
    (fragment === undefined || addFragment(pieces, fragment, choices.fragment));
  return isRead ? pieces : null;
}

/** Each adds its pieces and says whether it could read its part. */
function addAuthority(pieces: UrlPiece[], authority: string, { host: choice, userInfo }: UrlChoices): boolean {
  const at = authority.lastIndexOf("@");
  if (at >= 0 && userInfo === "mask") {
    for (const [index, part] of authority.slice(0, at).split(":").entries()) {
      if (index > 0) pieces.push(":");
      if (!addText(pieces, part)) return false;
    }
    pieces.push("@");
  }
  const [, host, port = ""] = /^(.*?)(:\d*)?$/s.exec(authority.slice(at + 1)) as unknown as [string, string, string?];
  if (choice === "keep" || host === "") pieces.push(host);
  else if (host.startsWith("[") && host.endsWith("]")) {
    const inside = host.slice(1, -1);
    if (parseIp(inside) === null) return false;
    pieces.push({ kind: "ip", text: inside, write: (masked) => `[${masked}]` });
  } else if (parseIp(host) !== null) pieces.push({ kind: "ip", text: host, write: asItIs });
  else pieces.push({ kind: "host", text: host, write: asItIs });
  pieces.push(port);
  return true;
}

/** Endings that tell of a file: any other, such as that of `/jane.doe`, is a part of a name. */
const FILES = new Set(
  (
    "html htm xhtml php php3 php4 php5 asp aspx ashx jsp jspx jsf do cgi pl py rb cfm action js mjs cjs ts css map wasm json jsonl xml rss atom yaml yml toml txt md csv tsv log " +
    "png jpg jpeg gif webp avif svg ico bmp tif tiff heic psd ai eps mp3 mp4 m4a m4v wav ogg oga ogv webm mov avi mkv flac aac m3u8 ts woff woff2 ttf otf eot " +
    "pdf doc docx xls xlsx ppt pptx odt ods odp rtf epub ics vcf eml msg zip gz tgz tar bz2 xz 7z rar jar war apk ipa exe msi dmg deb rpm iso bin sql db bak"
  ).split(" "),
);

/** Where the name of a file ends and its kind begins. */
function endOfName(segment: string): number {
  const dot = segment.lastIndexOf(".");
  return dot >= 0 && FILES.has(segment.slice(dot + 1).toLowerCase()) ? dot : segment.length;
}

function addPath(pieces: UrlPiece[], path: string, choice: UrlChoices["path"]): boolean {
  if (choice === "keep") pieces.push(path);
  else if (choice === "drop") pieces.push(path.startsWith("/") ? "/" : "");
  else {
    const segments = path.split("/");
    for (const [index, segment] of segments.entries()) {
      if (index > 0) pieces.push("/");
      if (choice === "ids" && !/[\d@%]/.test(segment)) pieces.push(segment);
      else if (index < segments.length - 1) {
        if (!addText(pieces, segment)) return false;
      } else {
        const end = endOfName(segment);
        if (!addText(pieces, segment.slice(0, end))) return false;
        pieces.push(segment.slice(end));
      }
    }
  }
  return true;
}

function addQuery(pieces: UrlPiece[], query: string, choice: UrlChoices["query"]): boolean {
  if (choice === "drop") return true;
  pieces.push("?");
  if (choice === "keep") {
    pieces.push(query);
    return true;
  }
  let end = 0;
  for (const { from, to } of parametersOf(query)) {
    pieces.push(query.slice(end, from));
    end = to;
    const pair = query.slice(from, to);
    const equals = pair.indexOf("=");
    // What has no name is a value of none.
    pieces.push(pair.slice(0, equals + 1));
    if (!addText(pieces, pair.slice(equals + 1), true)) return false;
  }
  return true;
}

function addFragment(pieces: UrlPiece[], fragment: string, choice: UrlChoices["fragment"]): boolean {
  if (choice === "drop") return true;
  pieces.push("#");
  if (choice === "mask") return addText(pieces, fragment);
  pieces.push(fragment);
  return true;
}

/** Escapes are read before and written after; `+` is a space in a query. */
function addText(pieces: UrlPiece[], raw: string, isQuery = false): boolean {
  if (raw === "" || raw === "." || raw === "..") {
    pieces.push(raw);
    return true;
  }
  const isEscaped = raw.includes("%") || (isQuery && raw.includes("+"));
  if (!isEscaped) {
    pieces.push({ kind: "text", text: raw, write: asItIs });
    return true;
  }
  const hasPlus = isQuery && raw.includes("+");
  try {
    const text = decodeURIComponent(hasPlus ? raw.replaceAll("+", " ") : raw);
    const write = (masked: string) => (hasPlus ? encodeURIComponent(masked).replaceAll("%20", "+") : encodeURIComponent(masked));
    pieces.push({ kind: "text", text, write });
    return true;
  } catch {
    return false;
  }
}
