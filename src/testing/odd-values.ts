import { type Circumstances, type Masked, type Sitting, sit } from "./mask-sitting.ts";
import { brokenOutputPromises } from "./output-promises.ts";

/** Cells that few columns hold and any may: broken forms of what transforms read, each with a word that would be known again in an error. */
const ODD_VALUES = [
  "canary-4711 of no kind",
  "canary@@acme..example",
  "https://canary.example:99999/%zz?canary=%E0",
  "+49 canary 30 901820",
  "DE89 3704 canary 0130 00",
  "2024-13-45 canary",
  "31.02.2024 25:61 canary",
  "12.canary.5e",
  "999999999999999999999999999999canary",
  '{"canary": [1, {"canary',
  '["canary", 01]',
  '<canary a="1"><b></canary>',
  'a:2:{s:6:"canary";i:1;',
  '{canary,"unfinished',
  '"canary"=>"1", "canary',
  "(canary,2",
  "[canary,2024-01-01)",
  "\\xcanary0",
  "Y2FuYXJ5===",
  'canary;"1\n2;3',
  "a=canary&%c3=%28",
  "300.1.2.canary",
  "3f2504e0-4f89-41d3-9a0c-canary000000",
  "canary\u0000\u200b\ufeff",
  "canary\ud800",
  "CANARY ıİßŒ ﷺ",
];

/**
 * What a transform does with cells that are not of the column's kind or of its own: masks them, or says that it cannot (undefined). It never gives them back as they
 * are, nor tells of them.
 */
export async function brokenOnOddValues(sitting: Sitting, usual: Circumstances): Promise<string[]> {
  // No column holds longer ones than it can.
  const values = ODD_VALUES.map((value) => [...value].slice(0, sitting.column.maxLength ?? Number.POSITIVE_INFINITY).join(""));
  const outcome = await sit(oddSitting(sitting, values), usual);
  if (outcome.kind === "masked") return saysOfOdd(sitting, values, outcome);
  const broken = new Set<string>();
  for (const value of values) {
    const alone = await sit(oddSitting(sitting, [value]), usual);
    if (alone.kind === "masked") for (const sentence of saysOfOdd(sitting, [value], alone)) broken.add(sentence);
    // It may fail: the run stops then. But the error is printed.
    else if (alone.why.includes("quotes a cell")) broken.add(`${alone.why} (an odd one)`);
  }
  return [...broken];
}

function oddSitting(sitting: Sitting, values: readonly string[]): Sitting {
  const others = sitting.others.map(({ column }) => ({ column, values: values.map(() => "one subject") }));
  return { ...sitting, values, others };
}

function saysOfOdd(sitting: Sitting, values: readonly string[], outcome: Masked): string[] {
  return brokenOutputPromises(oddSitting(sitting, values), outcome).map(
    (sentence) => `${sentence.replace(/ \(row \d+\)$/, "")} (odd values)`,
  );
}
