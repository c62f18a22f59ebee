import { StandinError } from "../../errors.ts";
import { unquotedName } from "../postgres/postgres-quotes.ts";
import type { BoundsBuilder } from "../row-collector.ts";
import { INCOMPLETE, skipEscaped, skipQuoted } from "./postgres-dump-lexer.ts";

const QUOTE = 0x27;
const OPEN = 0x28;
const CLOSE = 0x29;
const COMMA = 0x2c;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const LONGEST_HEADER = 1024 * 1024;

const NAME = String.raw`(?:"(?:[^"]|"")+"|[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*)`;
const HEADER = new RegExp(
  String.raw`^INSERT INTO (${NAME})(?:\.(${NAME}))?\s*(?:\((${NAME}(?:,\s*${NAME})*)\)\s*)?(?:OVERRIDING (?:SYSTEM|USER) VALUE\s*)?VALUES\s*`,
  "i",
);
const LITERAL = /^(?:null|default|true|false|[-+]?(?:\d+\.?\d*|\.\d+)(?:e[-+]?\d+)?)$/i;
const CONFLICT = "ON CONFLICT DO NOTHING;";

/** What stands before the rows of an INSERT. */
export interface InsertHeader {
  /** Its bytes: statements with the same go on with the same rows. */
  readonly bytes: Buffer;
  readonly schema: string | null;
  readonly name: string;
  /** Null where it names none. */
  readonly columns: readonly string[] | null;
}

const WITHOUT_VALUES = new RegExp(String.raw`^INSERT INTO (${NAME})(?:\.(${NAME}))? DEFAULT VALUES;`, "i");

/** The INSERT at `at` that makes a row of a table without columns; null where it is another. */
export function readEmptyInsert(
  bytes: Buffer,
  at: number,
  to: number,
): { readonly end: number; readonly schema: string | null; readonly name: string } | null {
  const match = WITHOUT_VALUES.exec(bytes.toString("utf8", at, Math.min(to, at + 1024)));
  if (match === null) return null;
  const [text, first, second] = match;
  const schema = second === undefined ? null : unquotedName(first!);
  return { end: at + Buffer.byteLength(text), schema, name: unquotedName(second ?? first!) };
}

/** Reads what stands before the rows of the INSERT at `at`; null while it is not all there. */
export function readInsertHeader(bytes: Buffer, at: number, to: number): InsertHeader | null {
  // Most are short: the text of a batch is not decoded for each.
  for (let length = 256; ; length *= 8) {
    const end = Math.min(at + length, to);
    const match = HEADER.exec(bytes.toString("utf8", at, end));
    const size = match === null ? 0 : Buffer.byteLength(match[0]);
    // What ends where we stopped looking may go on.
    if (match !== null && at + size < end) {
      const [, first, second, columns] = match;
      return {
        bytes: Buffer.from(bytes.subarray(at, at + size)),
        schema: second === undefined ? null : unquotedName(first!),
        name: unquotedName(second ?? first!),
        columns: columns === undefined ? null : [...columns.matchAll(new RegExp(NAME, "g"))].map(([name]) => unquotedName(name)),
      };
    }
    if (end === to && length < LONGEST_HEADER) return null;
    if (length >= LONGEST_HEADER) throw foreign("begins as no dump's does");
  }
}

export interface ScannedInserts {
  /** Behind the last whole row, and the comma or semicolon that follows it. */
  readonly end: number;
  readonly rowCount: number;
  /** Whether the statement goes on there. */
  readonly isWithin: boolean;
  /** Whether more bytes must tell what comes next; else it is another statement. */
  readonly needsMore: boolean;
}

/** Finds the rows of consecutive INSERTs that begin alike. */
export function scanInserts(
  bytes: Buffer,
  from: number,
  to: number,
  header: Buffer,
  isWithin: boolean,
  columnCount: number,
  bounds: BoundsBuilder,
): ScannedInserts {
  let end = from;
  let rowCount = 0;
  for (;;) {
    let at = skipSpaces(bytes, end, to);
    if (!isWithin) {
      const there = Math.min(header.length, to - at);
      if (there === 0 || bytes.compare(header, 0, there, at, at + there) !== 0)
        return { end, rowCount, isWithin, needsMore: there === 0 };
      at += there;
      if (there < header.length) return { end, rowCount, isWithin, needsMore: true };
    }
    at = scanTuple(bytes, at, to, columnCount, bounds, rowCount * columnCount);
    if (at !== INCOMPLETE) at = skipSpaces(bytes, at, to);
    if (at === INCOMPLETE || at >= to) return { end, rowCount, isWithin, needsMore: true };
    const byte = bytes[at];
    if (byte === COMMA) {
      end = at + 1;
      isWithin = true;
    } else if (byte === SEMICOLON) {
      end = at + 1;
      isWithin = false;
    } else {
      const clause = bytes.toString("latin1", at, Math.min(to, at + CONFLICT.length));
      if (!CONFLICT.startsWith(clause)) throw foreign("has something behind its rows");
      if (clause !== CONFLICT) return { end, rowCount, isWithin, needsMore: true };
      end = at + CONFLICT.length;
      isWithin = false;
    }
    rowCount++;
  }
}

/** Fills in the cells of the row at `at`. Behind its parenthesis, or INCOMPLETE. */
function scanTuple(bytes: Buffer, at: number, to: number, columnCount: number, bounds: BoundsBuilder, cell: number): number {
  if (at >= to) return INCOMPLETE;
  if (bytes[at] !== OPEN) throw foreign("has something other than rows");
  bounds.reserve(cell + columnCount);
  const { starts, ends } = bounds;
  for (let column = 1; column <= columnCount; column++) {
    at = skipSpaces(bytes, at + 1, to);
    const end = skipLiteral(bytes, at, to);
    if (end === INCOMPLETE) return INCOMPLETE;
    starts[cell] = at;
    ends[cell] = end;
    cell++;
    at = skipSpaces(bytes, skipCasts(bytes, end, to), to);
    if (at >= to) return INCOMPLETE;
    if (bytes[at] !== (column === columnCount ? CLOSE : COMMA))
      throw foreign("has a row with another number of values, or a value that is no literal");
  }
  return at + 1;
}

/** Behind the literal that begins at `at`. An expression could do anything, so none is taken. */
function skipLiteral(bytes: Buffer, at: number, to: number): number {
  if (at + 1 >= to) return INCOMPLETE;
  const byte = bytes[at]!;
  if (byte === QUOTE) return skipQuoted(bytes, at, to, false, true);
  if (bytes[at + 1] === QUOTE) {
    if ((byte | 0x20) === 0x65) return skipEscaped(bytes, at + 1, to);
    if ((byte | 0x20) === 0x62) return skipQuoted(bytes, at + 1, to, false, true);
  }
  let end = at;
  while (end < to && !isEnd(bytes[end]!)) end++;
  if (end >= to) return INCOMPLETE;
  if (!LITERAL.test(bytes.toString("latin1", at, end))) throw foreign("has a value that is no literal");
  return end;
}

const isEnd = (byte: number) => byte === COMMA || byte === CLOSE || byte === COLON || byte <= 0x20;

/** Behind `::numeric(10,2)[]` and the like. */
function skipCasts(bytes: Buffer, at: number, to: number): number {
  while (at + 1 < to && bytes[at] === COLON && bytes[at + 1] === COLON) {
    const match =
      /^::(?:"(?:[^"]|"")+"|[\w$]+)(?:\.(?:"(?:[^"]|"")+"|[\w$]+))?(?: varying| precision)?(?:\(\d+(?:,\s*-?\d+)?\))?(?:\[\])*/.exec(
        bytes.toString("utf8", at, Math.min(to, at + 256)),
      );
    if (match === null) throw foreign("has a value that is no literal");
    at += Buffer.byteLength(match[0]);
  }
  return at + 1 < to || (at < to && bytes[at] !== COLON) ? at : to;
}

function skipSpaces(bytes: Buffer, at: number, to: number): number {
  while (at < to && (bytes[at] === 0x20 || bytes[at] === 0x0a || bytes[at] === 0x09)) at++;
  return at;
}

function foreign(what: string): StandinError {
  return new StandinError("DUMP_INVALID", `An INSERT ${what}.`, {
    hint: "Rows are masked where they are written as pg_dump writes them: COPY, --inserts, --column-inserts or --rows-per-insert.",
  });
}
