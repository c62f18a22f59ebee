import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { makeCsv } from "./make-data.mjs";
import { makeJsonl, makeParquet } from "./make-files.mjs";
import { compare } from "./measure.mjs";

/**
 * Times files against the shortest program that does the same: of JSON Lines it parses each line and writes it anew, of Parquet it reads and writes by the packages that
 * standin takes.
 */
export async function benchFiles({ folder, rows, few, rounds, node, environment, seconds, report, remember }) {
  const output = join(folder, "out");
  mkdirSync(output, { recursive: true });
  const ours = (file, ending) => ({
    name: "standin",
    command: node("files-standin.mjs", file, join(output, `*.${ending}`)),
    environment,
  });
  const against = async (bench, bar, file, ending, count) => {
    const theirs = { name: "peer", command: node(`${ending}-peer.mjs`, file, join(output, `peer.${ending}`)) };
    const [one, other] = await compare([ours(file, ending), theirs], rounds);
    const detail = `${seconds(one)}, ${seconds(other)}, ${count} rows`;
    report({
      bench: `${bench}, 3 of 12 columns, constant-cost mask`,
      ratio: other.seconds / one.seconds,
      bar,
      better: "higher",
      detail,
    });
    return one;
  };
  const [small, large] = [await makeCsv(folder, few), await makeCsv(folder, rows)];
  const [job] = await compare([ours(await makeJsonl(small), "jsonl")], 1);
  remember("JSON Lines → JSON Lines", few, job);
  const lines = await makeJsonl(large);
  remember(
    "JSON Lines → JSON Lines",
    rows,
    await against("JSON Lines, against JSON.parse + JSON.stringify", 1, lines, "jsonl", rows),
  );
  await against("Parquet, against hyparquet + hyparquet-writer", 0.8, await makeParquet(small), "parquet", few);
  rmSync(output, { recursive: true });
}
