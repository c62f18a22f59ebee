/**
 * A JSON document, also one whose end a sample has cut off: what stands before the cut is read, the item that the cut goes through is left out. Undefined where
 * the text is no JSON.
 */
export function parseCutJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return parsedToTheCut(text);
  }
}

const CLOSER: Readonly<Record<string, string>> = { "{": "}", "[": "]" };

function parsedToTheCut(text: string): unknown {
  const open: string[] = [];
  let end = 0;
  let closers = "";
  // A string is passed over as one, so that signs within it do not count.
  for (const found of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]/gs)) {
    const [sign] = found;
    if (sign === "}" || sign === "]") {
      if (open.pop() !== sign) return undefined;
    } else if (CLOSER[sign] !== undefined) open.push(CLOSER[sign]);
    else if (sign !== ",") continue;
    end = found.index + (sign === "," ? 0 : 1);
    closers = [...open].reverse().join("");
    if (open.length === 0) return undefined; // Ended, and yet no JSON.
  }
  if (end === 0) return undefined;
  try {
    return JSON.parse(text.slice(0, end) + closers);
  } catch {
    return undefined;
  }
}
