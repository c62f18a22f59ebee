import { generateMaskingKey } from "../../dist/index.js";
import { prepareMask } from "../../dist/testing.js";
import { nanosecondsOf } from "../nanoseconds.mjs";
import { createPair } from "../transform-peers.mjs";

/** Values of the peers in a run: they take long. */
const FEW = 1024;

/** A pair in a process of its own: what other masks, and other calls of the peers, have taught the compiler would change its times. */
const [name, rounds] = process.argv.slice(2);
const { rule, kind = "text", values, copycat, faker } = await createPair(name);
const mask = await prepareMask(rule, { key: generateMaskingKey(), column: kind });
const few = values.slice(0, FEW);
const each = (give) => ({
  run: () => {
    for (const value of few) give(value);
  },
  count: few.length,
});
const contenders = [{ run: () => mask(values), count: values.length }, each(copycat), ...(faker ? [each(faker)] : [])];
console.log(JSON.stringify(await nanosecondsOf(contenders, Number(rounds))));
