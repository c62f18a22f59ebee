import { isMark } from "./mysql-dump-routines.ts";
import { INCOMPLETE, type Incomplete, type Token } from "./mysql-dump-token.ts";
import type { TokenReader } from "./mysql-dump-tokens.ts";

/** What stands before the rows of an INSERT or REPLACE. */
export interface InsertHead {
  readonly table: string;
  /** The database, where the statement names it. */
  readonly database: string | null;
  /** Its columns, null where the statement names none. */
  readonly columns: readonly string[] | null;
  /** Behind VALUES. */
  readonly end: number;
}

/** Reads on to VALUES, `first` being INSERT or REPLACE. A text says what is wrong. */
export function readInsertHead(reader: TokenReader, first: Token): InsertHead | Incomplete | string {
  const tokens = [first];
  for (;;) {
    const token = reader.next();
    if (token === INCOMPLETE) return INCOMPLETE;
    if (token === null) return NO_ROWS;
    if (token.type === "string" || (token.type === "word" && /^(?:SELECT|SET|TABLE|WITH)$/i.test(token.text))) return NO_ROWS;
    if (token.type === "word" && /^VALUES?$/i.test(token.text)) break;
    tokens.push(token);
  }
  if (reader.isInConditional || tokens.some(({ isConditional }) => isConditional))
    return "has rows in a comment that servers run";
  return headOf(tokens, reader.position);
}

const NO_ROWS = "has an INSERT of something else than rows of values";
const BEFORE_NAME = /^(?:LOW_PRIORITY|DELAYED|HIGH_PRIORITY|IGNORE|INTO)$/i;

function headOf(tokens: readonly Token[], end: number): InsertHead | string {
  let at = 1;
  while (tokens[at]?.type === "word" && BEFORE_NAME.test(tokens[at]!.text)) at++;
  const names = [nameOf(tokens[at++])];
  if (isMark(tokens[at], ".")) {
    names.push(nameOf(tokens[at + 1]));
    at += 2;
  }
  const [table, database = null] = names.reverse();
  if (typeof table !== "string" || names.includes(null)) return NO_ROWS;
  const columns = at < tokens.length ? columnsOf(tokens.slice(at)) : null;
  return typeof columns === "string" ? columns : { table, database, columns, end };
}

/** `(a, b)`, and nothing behind it. */
function columnsOf(tokens: readonly Token[]): string[] | string {
  const names: string[] = [];
  if (!isMark(tokens[0], "(") || !isMark(tokens.at(-1), ")") || tokens.length % 2 === 0) return NO_ROWS;
  for (let at = 1; at < tokens.length; at += 2) {
    const name = nameOf(tokens[at]);
    const isLast = at === tokens.length - 2;
    if (name === null || !isMark(tokens[at + 1], isLast ? ")" : ",")) return NO_ROWS;
    names.push(name);
  }
  return names;
}

const nameOf = (token: Token | undefined): string | null =>
  token?.type === "name" || token?.type === "word" ? token.text : null;
