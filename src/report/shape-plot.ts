import type { Shapes } from "../verify/number-sample.ts";
import { type Html, html } from "./html.ts";

const WIDTH = 120;
const HEIGHT = 32;

/** A distribution before, as an area, and after, as a line over it. Steps of the source's deviation, and no value: an axis would tell of people. */
export function shapePlot({ source, target }: Shapes, name: string): Html {
  const most = Math.max(...source, ...target);
  return html`<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="Distribution of ${name} before and after"><path class="before" d="${area(source, most)}"/><path class="after" d="${line(target, most)}"/></svg>`;
}

function line(shares: readonly number[], most: number): string {
  const step = WIDTH / shares.length;
  return `M0,${shares.map((share, index) => `${heightOf(share, most)}H${rounded((index + 1) * step)}`).join("V")}`;
}

function area(shares: readonly number[], most: number): string {
  return `${line(shares, most)}V${HEIGHT}H0Z`;
}

function heightOf(share: number, most: number): string {
  return rounded(HEIGHT - 1 - (share / most) * (HEIGHT - 2));
}

function rounded(number: number): string {
  return String(Math.round(number * 10) / 10);
}
