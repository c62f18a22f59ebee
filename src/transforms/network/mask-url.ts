import type { Column, ColumnContext, ColumnValues, MaskColumn, MaskedValues, MaskParts, RowBatch } from "../../contracts.ts";
import { choice, type OptionsValue } from "../../option-spec.ts";
import { defineTransform, isEmptyCell } from "../define-transform.ts";
import { scramble } from "../tokens/scramble.ts";
import { encryptIp } from "./encrypt-ip.ts";
import { maskDomain } from "./mask-domain.ts";
import { type PartKind, readUrl, type UrlPiece } from "./url-text.ts";

const OPTIONS = {
  host: choice({
    describe: "The host: masked as `maskDomain` and `encryptIp` do; masked without its class (`.com`); or itself.",
    choices: ["class", "map", "keep"],
    default: "class",
  }),
  userInfo: choice({ describe: "Name and password before the host.", choices: ["drop", "mask"], default: "drop" }),
  path: choice({
    describe: "The path: each of its parts scrambled; only those with a digit, an @ or an escape in them; itself; or none.",
    choices: ["mask", "ids", "keep", "drop"],
    default: "mask",
  }),
  query: choice({ describe: "The values of the query; names stay.", choices: ["mask", "keep", "drop"], default: "mask" }),
  fragment: choice({ describe: "What stands behind the #.", choices: ["mask", "keep", "drop"], default: "drop" }),
} as const;

/** Rows whose parts are held apart at a time: the garbage of more outlives the young. */
const FEW_ROWS = 512;

/** A loopback host, which neither `maskDomain` nor `encryptIp` changes. */
const OWN = /^([a-z][a-z0-9+.-]*:)?\/\/(localhost|127(\.(0|[1-9]\d{0,2})){3}|\[::1\])(:\d*)?\/?\s*$/;

type Options = OptionsValue<typeof OPTIONS>;

/**
 * Masks the parts of a URL and keeps its shape: `https://jane:pw@shop.acme.com:8443/users/4711/photo.png?mail=jane%40acme.com` becomes
 * `https://shop.tovakisezobeni.com.example:8443/oqwlr/9038/xkdva.png?mail=wqpz%40vemt.xrd`.
 *
 * Scheme, port, the extensions of usual files and names of parameters stay; the host is masked as in every other column, and reaches nothing (RFC 2606). Equal parts become
 * equal parts; a short one is easy to guess, and the lengths show. Reads absolute URLs, those without a scheme (`//cdn.acme.com/x`, `www.acme.com/x`), and paths with
 * or without a query (`/users/4711`); `mailto:`, `data:` and the like are unsupported. Hint: for single parameters by rules of their own, `maskQuery`.
 */
export const maskUrl = defineTransform({
  name: "maskUrl",
  technique: "pseudonymization",
  accepts: ["text"],
  unsupported:
    "what is no URL or path, a scheme without a host (mailto:, data:), escapes of something else than UTF-8, and a result that is too long for its column",
  guarantees: {
    deterministic: true,
    uniqueness: { kind: "lossy" },
    reversible: false,
    preservesLength: false,
    changesInput: "not-promised",
  },
  fixedPoints: {
    description: "an empty string, a path without letters and digits, and this machine's own address without a path",
    isFixed: (value, _, column) =>
      isEmptyCell(value, column?.isPadded ?? false) || /^\/[^\p{L}\p{N}?#]*$/u.test(value.trimEnd()) || OWN.test(value),
  },
  isKeyed: true,
  options: OPTIONS,
  maxOutputLength: (_, { maxLength }) => maxLength,
  prepare,
});

async function prepare(options: Options, context: ColumnContext): Promise<MaskColumn> {
  const { column } = context;
  const part: Column = { ...column, type: "text", kind: "text", isPadded: false, maxLength: null, maxBytes: null };
  const masks: Record<PartKind, MaskParts> = {
    text: await context.inner(scramble(), part),
    ip: await context.inner(encryptIp(), part),
    host: await context.inner(maskDomain({ keepSuffix: options.host !== "map" }), part),
  };
  return async (values, batch) => {
    const masked: (string | null | undefined)[] = [];
    for (let from = 0; from < values.length; from += FEW_ROWS)
      await maskRows(values, from, Math.min(from + FEW_ROWS, values.length), batch, masked);
    return masked;
  };

  async function maskRows(
    values: ColumnValues,
    from: number,
    to: number,
    batch: RowBatch,
    masked: (string | null | undefined)[],
  ): Promise<void> {
    const urls: (readonly UrlPiece[] | null)[] = [];
    const found: Record<PartKind, Found> = { text: noParts(), ip: noParts(), host: noParts() };
    for (let row = from; row < to; row++) {
      const value = values[row]!;
      const pieces =
        value === null || isEmptyCell(value, column.isPadded)
          ? null
          : readUrl(column.isPadded ? value.trimEnd() : value, options);
      urls.push(pieces);
      for (const piece of pieces ?? []) if (typeof piece !== "string") addTo(found[piece.kind], piece.text, row);
    }
    const parts = {
      text: await maskAll(masks.text, found.text, batch),
      ip: await maskAll(masks.ip, found.ip, batch),
      host: await maskAll(masks.host, found.host, batch),
    };
    const next = { text: 0, ip: 0, host: 0 };
    for (let row = from; row < to; row++) {
      const value = values[row]!;
      const pieces = urls[row - from]!;
      if (value === null || isEmptyCell(value, column.isPadded)) masked.push(value);
      else {
        const text = pieces === null ? undefined : assemble(pieces, (kind) => parts[kind][found[kind].order[next[kind]++]!]);
        const isTooLong = text !== undefined && column.maxLength !== null && [...text].length > column.maxLength;
        masked.push(isTooLong ? undefined : text);
      }
    }
  }
}

/** Parts of one kind: each text once, with a row that has it, and which of them stands where. Hosts and words of paths recur in most rows. */
interface Found {
  readonly parts: string[];
  readonly rows: number[];
  readonly order: number[];
  readonly known: Map<string, number>;
}

const noParts = (): Found => ({ parts: [], rows: [], order: [], known: new Map() });

function addTo({ parts, rows, order, known }: Found, text: string, row: number): void {
  let slot = known.get(text);
  if (slot === undefined) {
    slot = parts.push(text) - 1;
    rows.push(row);
    known.set(text, slot);
  }
  order.push(slot);
}

async function maskAll(mask: MaskParts, { parts, rows }: Found, batch: RowBatch): Promise<MaskedValues> {
  return parts.length === 0 ? [] : mask(parts as ColumnValues, batch, rows);
}

/** Takes every part's stand-in, also where one of them was not to be had: the next row's come behind them. */
function assemble(pieces: readonly UrlPiece[], nextOf: (kind: PartKind) => string | null | undefined): string | undefined {
  let text = "";
  let isWhole = true;
  for (const piece of pieces) {
    if (typeof piece === "string") text += piece;
    else {
      const masked = nextOf(piece.kind);
      if (typeof masked === "string") text += piece.write(masked);
      else isWhole = false;
    }
  }
  return isWhole ? text : undefined;
}
