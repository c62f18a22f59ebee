/** A text in lines of one length, as MIME and PostgreSQL's encode() wrap Base64. */
export interface LineLayout {
  /** Without the line breaks. */
  readonly text: string;
  /** Wraps another text in the same manner. */
  write(text: string): string;
}

/** RFC 2045 §6.8, and PostgreSQL's encode(). */
const USUAL_WIDTH = 76;

/** Undefined where lines before the last one differ in length. */
export function readLines(value: string): LineLayout | undefined {
  const ending = value.includes("\r\n") ? "\r\n" : "\n";
  const end = value.endsWith(ending) ? ending : "";
  const lines = value.slice(0, value.length - end.length).split(ending);
  const [first] = lines;
  const last = lines.at(-1)!;
  const length = first!.length;
  const isEven = lines.slice(0, -1).every((line) => line.length === length) && last.length <= length && length > 0;
  if (!isEven) return undefined;
  // One line tells of its width only that it had room.
  const width = lines.length > 1 ? length : Math.max(length, USUAL_WIDTH);
  return {
    text: lines.join(""),
    write: (text) => {
      const wrapped: string[] = [];
      for (let at = 0; at < text.length; at += width) wrapped.push(text.slice(at, at + width));
      return wrapped.join(ending) + end;
    },
  };
}
