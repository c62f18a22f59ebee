import { goldenRules, prepareGolden } from "../golden-rules.mjs";
import { nanosecondsOf } from "../nanoseconds.mjs";

/** The rules of one folder in a process of their own: what other transforms have taught the compiler would change their times. */
const [folder, rounds] = process.argv.slice(2);
const times = [];
for (const golden of goldenRules(folder)) {
  const named = { rule: `${folder}.${golden.column}`, transform: golden.rule.transform.name };
  try {
    const contender = await prepareGolden(folder, golden);
    if (contender === null) continue;
    const [nanoseconds] = await nanosecondsOf([contender], Number(rounds));
    times.push({ ...named, nanoseconds });
  } catch ({ code, message }) {
    times.push({ ...named, problem: code ?? message });
  }
}
console.log(JSON.stringify(times));
