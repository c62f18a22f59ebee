import type { StandinError } from "../../errors.ts";
import { askOnce } from "../pieces/ask-once.ts";

/** Where something is in a text, in UTF-16 units, as JavaScript counts: `text.slice(start, end)`. */
export interface RecognisedSpan {
  readonly start: number;
  readonly end: number;
  readonly label: string;
}

/** Looks at a batch of texts, none of them NULL or empty, and gives the spans of each, in their order. The signal aborts when it has taken too long, or the run is stopped. */
export type Recognise = (
  texts: readonly string[],
  context: { readonly signal: AbortSignal },
) => readonly (readonly RecognisedSpan[])[] | Promise<readonly (readonly RecognisedSpan[])[]>;

export interface Recogniser {
  readonly recognise: Recognise;
  readonly timeoutMs: number;
  /** Aborts when the run is stopped. */
  readonly signal: AbortSignal;
  /** The error that ends the run: what the recogniser did. */
  failed(what: string): StandinError;
}

/** Asks a recogniser. What it cannot mean is refused, not left out: the text would leave with what was found in it. */
export async function askRecogniser(
  { recognise, timeoutMs, signal: stopped, failed }: Recogniser,
  texts: readonly string[],
): Promise<readonly (readonly RecognisedSpan[])[]> {
  const answer = await askOnce<unknown>((signal) => recognise([...texts], { signal }), timeoutMs, stopped);
  if (answer === "late") throw failed(`took longer than ${timeoutMs} ms`);
  if (answer === "rejected") throw failed("was rejected");
  if (!Array.isArray(answer) || answer.length !== texts.length || !answer.every(Array.isArray))
    throw failed("gave no list of spans for each text");
  return answer.map((spans, index) =>
    spans.map((span: unknown) => {
      const text = texts[index]!;
      const { start, end, label } = (span ?? {}) as RecognisedSpan;
      if (!(Number.isInteger(start) && Number.isInteger(end) && start >= 0 && end > start && end <= text.length))
        throw failed("gave a span that is not within its text");
      return { start: isWithinPair(text, start) ? start - 1 : start, end: isWithinPair(text, end) ? end + 1 : end, label };
    }),
  );
}

/** Whether a place is between the halves of a surrogate pair: others count in other units. */
function isWithinPair(text: string, at: number): boolean {
  return at > 0 && (text.charCodeAt(at) & 0xfc00) === 0xdc00 && (text.charCodeAt(at - 1) & 0xfc00) === 0xd800;
}
