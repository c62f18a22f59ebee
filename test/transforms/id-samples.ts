import type { IdForm } from "../../src/transforms/ids/id-scheme.ts";
import { idScheme } from "../../src/transforms/ids/id-schemes.ts";

/** Lengths that any scheme may have. */
const LENGTHS = Array.from({ length: 30 }, (_, index) => String(index + 4));

/** The forms of a scheme that goes by length. */
export function formsOf(name: string, keep = false): readonly IdForm[] {
  const scheme = idScheme(name)!;
  return LENGTHS.flatMap((length) => scheme.forms(length, keep));
}

/** Numbers of a form, from all over it; what is kept must be said. */
export function samplesOf({ fields, complete = (text) => text }: IdForm, count: number, keptText = "1"): string[] {
  const samples: string[] = [];
  for (let index = 0; samples.length < count && index < count * 40; index++) {
    const text = fields
      .map((field, place) =>
        field.keeps !== undefined && field.text(0) === ""
          ? keptText.repeat(field.width).slice(0, field.width)
          : field.text(draw(index, place) % field.size),
      )
      .join("");
    const whole = complete(text);
    if (whole !== null) samples.push(whole);
  }
  return samples;
}

/** A number that looks like chance, the same in every run. */
function draw(index: number, place: number): number {
  let state = (index + 1) * 2_654_435_761 + (place + 1) * 40_503;
  state = Math.imul(state ^ (state >>> 15), 2_246_822_519);
  state = Math.imul(state ^ (state >>> 13), 3_266_489_917);
  return (state ^ (state >>> 16)) >>> 0;
}
